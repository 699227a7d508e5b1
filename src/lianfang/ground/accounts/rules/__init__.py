"""The trade's rules about accounts, without a database: roles and what they may, who gives what, passwords, lockout."""
