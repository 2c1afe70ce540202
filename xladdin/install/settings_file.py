r"""xlwings' settings file: lines like "INTERPRETER_WIN","C:\…\python.exe", in the code page that VBA reads.

Keys are compared without case, as xlwings does; a line that is none of ours stays as it is, byte for byte.
"""

from __future__ import annotations

import re
from typing import Final

_LINE: Final = re.compile(r'^\s*"([^"]*)"\s*,\s*"([^"]*)"\s*$')


def values(content: bytes, encoding: str) -> dict[str, str]:
    """Return the settings by upper-case key; the first line of a key counts."""
    found: dict[str, str] = {}
    for line in content.decode(encoding, errors="surrogateescape").splitlines():
        match = _LINE.match(line)
        if match:
            found.setdefault(match[1].upper(), match[2])
    return found


def with_value(content: bytes, key: str, value: str | None, encoding: str) -> bytes:
    """Return the file with a key set in its first line or a new one at the end; None takes it out."""
    end = "\r\n" if b"\r\n" in content or not content else "\n"
    lines = re.findall(r"[^\n]*\n|[^\n]+$", content.decode(encoding, errors="surrogateescape"))
    made = f'"{key}","{value}"'
    out: list[str] = []
    done = value is None
    taken = False
    for line in lines:
        match = _LINE.match(line.rstrip("\r\n"))
        if not match or match[1].upper() != key.upper() or taken:
            out.append(line)
            continue
        taken = True
        if value is not None:
            out.append(made + line[len(line.rstrip("\r\n")) :])
            done = True
    if not done:
        if out and not out[-1].endswith("\n"):
            out[-1] += end
        out.append(made + end)
    return "".join(out).encode(encoding, errors="surrogateescape")
