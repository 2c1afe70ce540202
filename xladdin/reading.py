"""Small files that a command reads whole, and words of the command line, before anything is done with them."""

from __future__ import annotations

import stat
from pathlib import Path

from xladdin.errors import BadRequest


def read_small(path: Path, limit: int) -> bytes:
    """Read a file of at most `limit` bytes: a device that never ends would fill the memory. Raises BadRequest."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(data) > limit:
        raise BadRequest(f"{path} is larger than {limit:,} bytes: it is not what is wanted here")
    return data


def need_end(path: Path) -> None:
    """Refuse a device (/dev/zero): it would be read without an end. A pipe has one."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # what reads it says why
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise BadRequest(f"{path} is a device, not a file")


def need_text(name: str, *words: str | None) -> None:
    """Refuse words that are no text: a shell hands over whatever bytes were typed."""
    for word in words:
        try:
            (word or "").encode()
        except UnicodeEncodeError:
            raise BadRequest(f"{name} must be a text in UTF-8; got {ascii(word)[:60]}") from None
