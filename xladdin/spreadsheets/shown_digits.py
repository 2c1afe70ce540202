"""Numbers whose format shows zeros in front: a customer's number is what a person sees on the sheet, 0000100042."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

#: a format of nothing but digits that are always shown, and letters and marks between them: 0000000000, "K"-00000
_SHOWN: Final = re.compile(r'(?:0|"[^"]*"|\\.|[-/. ])*0(?:0|"[^"]*"|\\.|[-/ ])*\Z')
_PIECE: Final = re.compile(r'"([^"]*)"|\\(.)|(.)')


@lru_cache(maxsize=256)
def shower(code: str) -> Callable[[Any], Any] | None:
    """Return what writes a number in a format of fixed digits, None for any other format."""
    if not _SHOWN.match(code) or code.replace("\\", "").count("0") < 2:  # "0" is any whole number
        return None
    pieces = [(bool(found[3] == "0"), found[1] if found[1] is not None else found[2] or found[3]) for found in _PIECE.finditer(code)]
    if "." in [text for digit, text in pieces if not digit]:
        return None
    digits = sum(digit for digit, _ in pieces)

    def show(value: Any) -> Any:
        if type(value) is not float or value < 0 or value != int(value):
            return value
        text = f"{int(value):0{digits}d}"
        head, rest = text[: len(text) - digits], iter(text[len(text) - digits :])
        out, first = [], True
        for digit, mark in pieces:
            if digit:
                out.append((head if first else "") + next(rest))
                first = False
            else:
                out.append(mark)
        return "".join(out)

    return show
