"""What changed in accounts that processes remember something of. Functions of a transaction."""

from wikifeed_server.accounts.database import Execute

EVERYBODY = ""
_KEPT = 1000


def note_change(execute: Execute, username: str) -> None:
    """Let all processes know that what an account may do was changed; EVERYBODY: that of any."""
    number = execute("INSERT INTO change (username) VALUES (?)", (username,)).lastrowid or 0
    execute("DELETE FROM change WHERE number <= ?", (number - _KEPT,))


def last_change(execute: Execute) -> int:
    """The number of the last change; 0 where there was none."""
    return int(execute("SELECT coalesce(max(number), 0) FROM change").fetchone()[0])


def changed_since(execute: Execute, seen: int) -> tuple[int, frozenset[str] | None]:
    """The number of the last change, and the accounts, in lower case, that changed after `seen`; None: any may have."""
    rows = execute("SELECT number, username FROM change WHERE number > ? ORDER BY number", (seen,)).fetchall()
    if not rows:
        return seen, frozenset()
    names = frozenset(name.lower() for _, name in rows)
    everybody = rows[0][0] > seen + 1 or EVERYBODY in names
    return rows[-1][0], None if everybody else names
