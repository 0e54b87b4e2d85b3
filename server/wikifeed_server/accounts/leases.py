"""Streams that are open, by account, in all processes of a store. Functions of a transaction.

A process with streams has a row with its lease and the time when it last showed, by the monotonic clock that all
processes of a machine have in common. Streams count while their process lives.
"""

from collections.abc import Mapping

from wikifeed_server.accounts.database import Execute

# What shows a time to come was written before the machine started anew, and with it the clock.
_COUNT = (
    "SELECT count(*) FROM stream s JOIN process p ON p.id = s.process"
    " WHERE s.username = ? AND ? BETWEEN p.shown AND p.shown + p.lease - 1"
)
_EXPIRED = "SELECT id FROM process WHERE NOT (? BETWEEN shown AND shown + lease - 1)"


def add_process(execute: Execute, now: int, lease: int) -> int:
    """The number of a process; it and its lease are in nanoseconds."""
    return execute("INSERT INTO process (shown, lease) VALUES (?, ?)", (now, lease)).lastrowid or 0


def add_stream(execute: Execute, process: int, username: str, limit: int, now: int) -> int | None:
    """The number of a stream that was opened; None where the account has as many open as it may."""
    (count,) = execute(_COUNT, (username, now)).fetchone()
    if count >= limit:
        return None
    return execute("INSERT INTO stream (username, process) VALUES (?, ?)", (username, process)).lastrowid or 0


def remove_stream(execute: Execute, stream: int) -> None:
    """A stream has ended."""
    execute("DELETE FROM stream WHERE id = ?", (stream,))


def show_process(execute: Execute, process: int, streams: Mapping[int, str], now: int, lease: int) -> None:
    """Show that a process lives, whose open streams are given by number; forget processes that do not."""
    shown = execute("UPDATE process SET shown = ?, lease = ? WHERE id = ?", (now, lease, process)).rowcount
    if not shown:
        execute("INSERT INTO process VALUES (?, ?, ?)", (process, now, lease))
        for stream, username in streams.items():
            execute("INSERT OR REPLACE INTO stream VALUES (?, ?, ?)", (stream, username, process))
    for (expired,) in execute(_EXPIRED, (now,)).fetchall():
        remove_process(execute, expired)


def remove_process(execute: Execute, process: int) -> None:
    """A process has ended, and its streams with it."""
    execute("DELETE FROM stream WHERE process = ?", (process,))
    execute("DELETE FROM process WHERE id = ?", (process,))
