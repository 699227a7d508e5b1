"""What can be wrong with a machine or a server, in words, with what to type."""

from __future__ import annotations

from lianfang.kernel.errors import Refused


class PathClosed(Refused):
    """The database runs as the account {account}, which may not enter {path}.
    Type "chmod o+x {path}" and start again, or name another place in LIANFANG_HOME.
    """


class NoAccount(Refused):
    """PostgreSQL never runs as root, and this machine has neither an account "postgres" nor "nobody".
    Type "useradd --system postgres" and start again.
    """


class NoBinaries(Refused):
    """The database programs are missing from the environment {environment}: remove that directory and start again."""


class ClusterFailed(Refused):
    """The database did not start: its log says why ({log})."""


class ServerTooOld(Refused):
    """The server of DATABASE_URL is PostgreSQL {version}; 18 or later is needed."""


class ServerSilent(Refused):
    """No database answers at {host}:{port}: start it, or mend DATABASE_URL."""


class ServerRefuses(Refused):
    """The database at {host}:{port} does not let {user} in: mend the name or the password in DATABASE_URL."""


class AddressUnreadable(Refused):
    """DATABASE_URL cannot be read: it looks like postgresql://name:password@host:5432/database."""


class MayNotMakeRoles(Refused):
    """The account {user} of DATABASE_URL may not make roles: use a superuser, or one with CREATEROLE and CREATEDB."""


class RolesOfAnother(Refused):
    """The server already has a role {role} with another password, so it carries another installation.
    Copy that one's secrets directory here, or use another server.
    """


class NothingSetUp(Refused):
    """Nothing is set up in {home} yet: "./lianfang up" makes the demonstration, "./lianfang init" a real installation."""


class PortTaken(Refused):
    """Port {port} is in use by another program; "./lianfang up --port {other}" would do."""


class AlreadyUp(Refused):
    """It is running already, at {address} (process {pid}); "./lianfang down" stops it."""


class DiedAtStart(Refused):
    """The part "{part}" ended while starting: its log says why ({log})."""


class NotReady(Refused):
    """The pages did not answer within {seconds} seconds: the log says why ({log})."""


class NoSuchFile(Refused):
    """There is no file {path}."""


class CertificateUnreadable(Refused):
    """The file {path} cannot be read: a PEM file is needed, and a key without a password."""


class CertificateEnded(Refused):
    """The certificate {path} was valid until {day}."""


class KeyOfAnother(Refused):
    """The key {path} does not belong to the certificate."""


class AlreadyFounded(Refused):
    """This installation has accounts already; "./lianfang accounts add" makes more."""


class NoSuchDemonstration(Refused):
    """There is no demonstration called {name}; there are: {known}."""
