"""How people and programs come in: views, forms, words. No rules, no SQL."""
