"""The field: the app of the phones, and the addresses it speaks to.

The shell is fetched once and knows nobody; everything about people comes through `/field/api/`, in the scope of a device's account
(`docs/guides/field.md`). Records go to the intake, which is another process.
"""
