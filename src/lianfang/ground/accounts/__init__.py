"""Accounts, grants and devices (账号、授权、设备), and the one answer to "may this person do this here?".

Owns sign-in (password, lockout, second factor, joining links), grants of a role over a place, an area or an
organisation subtree for a time, the devices that send records, and the links behind the QR codes of doors. `access` is
asked by every door and every command that acts for somebody; row security beneath it is the second lock and may be wider
than the grant, `access` never is. It knows people and places, not what records or duties are.
"""
