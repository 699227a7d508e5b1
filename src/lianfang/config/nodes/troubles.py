"""What can be wrong between nodes, in words, with what to type."""

from __future__ import annotations

from lianfang.kernel.errors import Refused


class NotANode(Refused):
    """Nothing goes up from here. `./lianfang node open CODE` lets the figures of a place go up."""


class StillUp(Refused):
    """The database must be started again with another log. Type "./lianfang down", then this again."""


class NeedsLogicalLog(Refused):
    """The server of DATABASE_URL keeps no log that can be sent on.
    Let its administrator type "alter system set wal_level = logical; alter system set max_slot_wal_keep_size = '4GB'" and start it again.
    """


class NoDivision(Refused):
    """{name} is no district or city with an official code: a node answers for one of these."""


class NodeSilent(Refused):
    """Nothing answers at {host}:{port}, or it does not let {user} in.
    At the node below type "./lianfang node open {code}": it says what to type here, with the password.
    """


class SpeaksNoTls(Refused):
    """The database that comes along speaks no TLS, so it cannot fetch figures by {setting}.
    Lay a tunnel (SSH, WireGuard) to the node below and name its near end with --at, or use a server with TLS (DATABASE_URL).
    """


class AnotherNode(Refused):
    """At {host}:{port} the figures of {found} go up, not those of {code}."""
