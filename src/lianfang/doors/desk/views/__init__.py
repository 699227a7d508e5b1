"""Views by subject. Each is declared with `frame.page` or `frame.public`."""
