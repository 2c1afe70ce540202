"""Addresses in messages: what in one is secret never stands in a line, a log or a sheet.

Drivers quote the address they were given, and a password with a character that means something in an address is taken for a host or a
port and quoted as such: so such a password is refused before a driver sees it.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

#: after user and colon everything up to the last @ of the word; digits that end there are a port, not a password
_PASSWORD: Final = re.compile(r"(:/{1,3}[^:/@\s?#]*|(?:^|\s)[^:/@\s?#]+):(?![/\\]|\d{1,5}(?:[/?#\s]|$))(\S*)@")
_OPTION: Final = re.compile(
    r"(?i)((?:[?&;\s]|^)(?:[a-z_-]*pass(?:word|wd|phrase)?|pwd|[a-z_-]*token|[a-z_-]*secret|sig|signature|[a-z_-]*key|auth)=)[^&;\s]+"
)
_MEANS_SOMETHING: Final = re.compile(r"[@/?#:\[\]\s]|%(?![0-9A-Fa-f]{2})")


def without_password(text: str) -> str:
    """Return an address, or a text with addresses, for a message: passwords, tokens and keys hidden."""
    return _OPTION.sub(r"\1…", _PASSWORD.sub(r"\1:…@", text))


def secrets_of(address: str) -> list[str]:
    """Return the passwords, tokens and keys of an address, as they stand there and as they are meant; the longest first."""
    found = [match[2] for match in _PASSWORD.finditer(address)]
    found += [match[0].removeprefix(match[1]) for match in _OPTION.finditer(address)]
    return sorted({one for text in found for one in (text, unquote(text)) if len(one) > 2}, key=len, reverse=True)


def hide(text: str, address: str) -> str:
    """Return what a driver says of an address, with nothing secret of it."""
    for secret in secrets_of(address):
        text = text.replace(secret, "…")
    return without_password(text)


def ambiguous_password(address: str) -> bool:
    """Whether the password holds a character by which a program would take a part of it for something else."""
    return any(_MEANS_SOMETHING.search(match[2]) for match in _PASSWORD.finditer(address))
