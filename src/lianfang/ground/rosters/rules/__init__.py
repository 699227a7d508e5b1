"""Reading a roster: `columns` says which column is what, `rows` what each row holds. Pure: no database, no files."""
