"""Text that any XML file can hold: what Word, Excel and the like are written in."""

from __future__ import annotations

import re
from typing import Final

#: what XML 1.0 refuses (section 2.2): control characters, halves of surrogate pairs, and the two that are no characters
_REFUSED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Return a text that can be written at all: halves of surrogate pairs are joined, and where one stands alone, U+FFFD does.

    Excel keeps texts as UTF-16 and cuts them anywhere, even amid an emoji.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def xml_safe(text: str) -> str:
    """Return a text without what XML refuses; in its place stands a space, as a line break in a name (Alt+Enter, vertical tab) had."""
    return _REFUSED.sub(" ", text)
