"""Folders for files that are made in pieces and read back at once, such as a large workbook.

Nothing of personal data may stay in one: whoever makes it holds a lock on it and removes it. The
lock of a killed worker ends with it, so that the next process to start, or to need a folder, knows
it for left behind and removes it.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = "lock"


def _home():
    """The one place of all of them, closed to other accounts of the machine."""
    home = Path(tempfile.gettempdir()) / f"legalaid-passing-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    if home.lstat().st_uid != os.getuid():
        raise PermissionError(f"{home} belongs to another account of the machine.")
    return home


@contextmanager
def folder():
    """Give a folder for as long as the block runs."""
    clear_left_behind()
    with _gate():
        path = Path(tempfile.mkdtemp(dir=_home()))
        lock = _take(path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def clear_left_behind():
    """Remove what dead workers left. Returns how many folders."""
    count = 0
    with _gate():
        for path in _home().iterdir():
            if not path.is_dir():
                continue
            with suppress(BlockingIOError, FileNotFoundError):
                lock = _take(path)
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)
                count += 1
    return count


@contextmanager
def _gate():
    """One process at a time makes a folder or clears: a folder just made is not locked yet."""
    gate = os.open(_home() / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _take(path):
    """Return the open lock of a folder. Raises BlockingIOError while its maker lives."""
    lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock
