"""What is on its way: a message is written down before it goes out, so that a run that is killed is finished by the next, not repeated.

    outbox = Outbox(path, "https://example.com/hook")
    message = outbox.begin(alerts)        # written down, whole, before anything leaves
    push(…)                               # the receiver may get it now
    outbox.taken(where)                   # from here on it is never sent again
    outbox.forget()                       # the workbook is marked

A run killed before `taken` cannot know whether the receiver has the message. The next one sends the very same message again, with the
same identity, by which a receiver drops it; a file is looked into, and gets only what it lacks.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """Alerts that go out together."""

    to: str  #: the hash of the place they go to: an address may hold a secret
    alerts: list[dict[str, Any]]
    begins: int = 0  #: bytes that were in the file before, where they go to one
    where: str = ""  #: who has taken them; empty while that is not known


class Outbox:
    """The message of one workbook that is on its way, in a file that only its user can read."""

    def __init__(self, path: Path, to: str) -> None:
        self._path = path
        self._to = hashlib.sha256(to.encode("utf-8", "surrogatepass")).hexdigest()
        self.message: Message | None = self._read()

    def _read(self) -> Message | None:
        try:
            found = Message(**json.loads(self._path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        ours = found.to == self._to and all(isinstance(one, dict) and "id" in one for one in found.alerts)
        return found if ours else None  # for another place it says nothing

    def begin(self, alerts: Sequence[dict[str, Any]], begins: int) -> Message:
        """Write a message down. Raises OSError: then nothing may be sent."""
        return self._write(Message(self._to, list(alerts), begins))

    def taken(self, where: str) -> None:
        """Write down that the receiver has it; where that fails the next run sends it again, with the same identity."""
        if self.message is not None:
            with suppress(OSError):
                self._write(replace(self.message, where=where))

    def forget(self) -> None:
        """Remove it: the workbook says what was sent."""
        self.message = None
        self._path.unlink(missing_ok=True)

    def _write(self, message: Message) -> Message:
        self.message = message
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}-{time.time_ns():x}")
        try:
            with open(new, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(json.dumps(asdict(message), ensure_ascii=False).encode())
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        return message
