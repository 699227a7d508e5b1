"""Backups (备份) of our own server: a base backup and the log of all changes since, sealed before they reach the folder they are kept in.

`streams` seals, `keys` holds the keys and destroys them, `folder` says what is kept, `files` takes what lies beside the database, `archive` takes the log as the server hands it over,
`making` and `restoring` do what their names say. docs/guides/backup.md tells it to people.
"""
