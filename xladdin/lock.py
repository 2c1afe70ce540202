"""One run at a time: what two runs at once would do twice or to each other's files waits, with an end, for the other.

The lock is the operating system's own on a small file, so it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from xladdin.errors import BadRequest

SECONDS: Final = 60.0  #: how long a run waits for another


class Busy(BadRequest):
    """Another run does the same at this moment."""


@contextmanager
def only_one(path: Path, busy: str, seconds: float = SECONDS) -> Iterator[None]:
    """Hold the lock file `path` for as long as the work goes on; it is removed afterwards.

    Waits up to `seconds` for a run that holds it. Raises Busy with the words `busy` when that goes on, OSError where no file can be made.
    """
    until = time.monotonic() + seconds
    while (held := _take(path)) is None:
        if time.monotonic() > until:
            raise Busy(f"{busy}: try again when it is done")
        time.sleep(0.05)
    try:
        yield
    finally:
        _give_back(path, held)


def _take(path: Path) -> int | None:
    """Lock the file; None while another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(handle)
        # the one who held it removed it in the meantime: then this is the lock of a file that nobody else will find
        if os.fstat(handle).st_ino == path.stat().st_ino:
            return handle
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        windows: Any = import_module("msvcrt")
        windows.locking(handle, windows.LK_NBLCK, 1)
    else:
        posix: Any = import_module("fcntl")
        posix.flock(handle, posix.LOCK_EX | posix.LOCK_NB)


def _give_back(path: Path, handle: int) -> None:
    if sys.platform == "win32":  # a file that is open cannot be removed there
        os.close(handle)
        with suppress(OSError):
            path.unlink()
        return
    with suppress(OSError):
        path.unlink()
    os.close(handle)
