"""Where a command's answer goes, and what becomes of it when it cannot go there.

A standard output that is closed, full or no longer read by anybody is no failure of the work: the workbook is written by then. So a write
that fails is remembered and never raised, and the exit code says afterwards what was done.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import Any, Final, TextIO

_NOT_READ: Final = {errno.EPIPE, errno.ESHUTDOWN, *({errno.EINVAL} if sys.platform == "win32" else ())}


class Output:
    """A standard stream; what it cannot take is lost, and `lost` says why."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, as far as that goes."""
        try:
            return self._stream.write(text) if self.lost is None else len(text)
        except OSError as error:
            self.lost = error
            return len(text)

    def flush(self) -> None:
        """Send what was written on its way, as far as that goes."""
        try:
            if self.lost is None:
                self._stream.flush()
        except OSError as error:
            self.lost = error

    @property
    def missed(self) -> OSError | None:
        """Why somebody who wanted the answer has not got it; None also where its reader had enough (`xladdin show … | head`)."""
        return None if self.lost is None or self.lost.errno in _NOT_READ else self.lost


def take_over() -> tuple[Output, Output]:
    """Put an `Output` in the place of each standard stream. One that is closed goes nowhere: it was not to be heard.

    The number of a closed stream is taken first: else the next file that is opened, a workbook, would get it and every message with it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    made = []
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as the process lives
        if hasattr(stream, "reconfigure"):  # a Windows console may not be in UTF-8; Chinese names must not stop a command
            stream.reconfigure(encoding="utf-8", errors="replace")
        made.append(stream if isinstance(stream, Output) else Output(stream))
        setattr(sys, name, made[-1])
    return made[0], made[1]
