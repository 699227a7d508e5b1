"""The settings of our own PostgreSQL, by the memory of the machine. Written to HOME/database.conf at every start."""

from __future__ import annotations

import os
from pathlib import Path

_MIB = 2**20

# What is on the log is kept free of personal data. An error's first line may quote the value that was wrong
# (`invalid input syntax for type integer: "…"`), so errors of statements are not logged by the server at all: the
# process that caused one logs its class and code. `log` lies above `error` in the server's order of levels.
_WITHOUT_PERSONAL_DATA = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
}

_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "wal_level": "replica"}


def memory() -> int:
    """Bytes of memory of this machine, or of the container if it is given less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def settings(port: int, *, small: bool = False, archive: Path | None = None) -> dict[str, str]:
    """All settings that differ from PostgreSQL's own. `small` is for the server of the tests; to `archive` the log is handed over."""
    room = 1024 if small else max(512, memory() // _MIB)
    return {
        "listen_addresses": "'127.0.0.1'",
        "port": str(port),
        "unix_socket_directories": "''",
        "password_encryption": "'scram-sha-256'",
        "max_connections": "120",
        "shared_buffers": f"{min(4096, max(128, room // 8))}MB",
        "effective_cache_size": f"{room // 2}MB",
        "maintenance_work_mem": f"{min(512, max(64, room // 32))}MB",
        "work_mem": "16MB",
        "max_wal_size": "1GB" if small else "4GB",
        "min_wal_size": "256MB",
        "max_locks_per_transaction": "256",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "lc_messages": "'C'",
        "logging_collector": "on",
        "log_destination": "'stderr'",
        "log_directory": "'../log'",
        "log_filename": "'server-%d.log'",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_file_mode": "0600",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
        "log_timezone": "'UTC'",
        # Always able to hand its log over, which a running server cannot be told; until there is a backup nobody wants it.
        "archive_mode": "on",
        "archive_command": _handing_over(archive) if archive else "'true'",
        "archive_timeout": "60s" if archive else "0",
        **_WITHOUT_PERSONAL_DATA,
        **_DURABLE,
    }


def _handing_over(place: Path) -> str:
    """A copy that is on disk before it has its name; one that is there already is the same one."""
    where = str(place).replace("%", "%%").replace("'", "''")
    aside, there = f'"{where}/.%f"', f'"{where}/%f"'
    return f"'test -f {there} || (cp \"%p\" {aside} && sync {aside} && mv {aside} {there})'"


def sending(hba: Path) -> dict[str, str]:
    """What changes where a window stands from which figures go up (`config.nodes`).

    The log can be sent on, and is kept for a node above that is away, but not until the disk is full: beyond this the slot is lost, which that
    node notices, and fetches everything anew.
    """
    return {"wal_level": "logical", "max_slot_wal_keep_size": "4GB", "hba_file": f"'{hba}'"}


HBA_OF_A_WINDOW = """# Written at every start. The login of the window enters the window, from this machine, and nothing else.
host lianfang_up lianfang_up 127.0.0.1/32 scram-sha-256
host all,replication lianfang_up all reject
host all,replication all 127.0.0.1/32 scram-sha-256
"""


def text(port: int, *, small: bool = False, archive: Path | None = None, hba: Path | None = None) -> str:
    """The settings as a configuration file; with `hba`, those of a server from which figures go up."""
    held = settings(port, small=small, archive=archive) | (sending(hba) if hba else {})
    lines = (f"{name} = {value}\n" for name, value in held.items())
    return "# Written at every start.\n" + "".join(lines)
