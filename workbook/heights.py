"""Heights of a report's rows where long texts break into lines: a closed file has nobody to fit them, so they are estimated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import xlwings as xw

from workbook.report_place import HEADER_ROW
from workbook.sheet import Column

#: points of a line of text in the workbook's font, of one in Chinese, and of an ordinary row
LINE: Final = 14.5
LINE_ZH: Final = 16.5
ROW: Final = 15.0
_WIDE: Final = re.compile(r"[⺀-￦]")  # Chinese characters and punctuation take two places
#: places that letters take, a digit being one: those of Calibri, rounded up
_PLACES: Final = (
    ("ijlI'|.,:;·!` ", 0.5), ('frt()[]{}-/"', 0.65), ("scz?J_", 0.82), ("akexvyFELST", 0.98), ("mMWw%@—", 1.65),
    ("ABCDGHKNOPQRUVXYZ&", 1.22),
)  # fmt: skip
_PLACE: Final = {letter: places for letters, places in _PLACES for letter in letters}
BOLD: Final = 1.08  # bold letters are that much wider
_INDENT: Final = 1.4  # what a text stands in from the edge
_BREAK: Final = re.compile(r"[⺀-￦]|[^ ⺀-￦-]*-|[^ ⺀-￦-]+")  # a line breaks at spaces, after hyphens and between Chinese characters


@lru_cache(maxsize=50_000)
def places_of(text: str) -> float:
    """Return the places a text takes in one line."""
    return sum(2.0 if "⺀" <= letter <= "￦" else _PLACE.get(letter, 1.04) for letter in text)


def lines_of(text: str, width: float) -> int:
    """Work out how many lines a text takes in a column of this width."""
    room = width - _INDENT
    if len(text) * 1.65 <= room and "\n" not in text and not _WIDE.search(text):
        return 1
    return sum(_broken(part, room) for part in text.split("\n"))


def _broken(text: str, room: float) -> int:
    """Fill line after line with words; a word longer than a line runs over several."""
    if places_of(text) <= room:
        return 1
    lines, taken, end = 1, 0.0, 0
    for match in _BREAK.finditer(text):
        word, gap = places_of(match[0]), 0.5 * (match.start() - end)
        end = match.end()
        if taken and taken + gap + word > room:
            lines, taken, gap = lines + 1, 0.0, 0.0
        taken += gap + word
        if taken > room:
            more = math.ceil(taken / room) - 1
            lines, taken = lines + more, taken - more * room
    return lines


def wrapped_of(columns: Sequence[Column]) -> dict[int, int]:
    """Return position and width of the columns whose texts break into lines."""
    return {place: column.width for place, column in enumerate(columns) if column.wrap}


def reset_heights(page: xw.Sheet, last: int) -> None:
    """Give the rows of a report the ordinary height again."""
    page.range((HEADER_ROW + 1, 1), (max(last, HEADER_ROW + 1), 1)).row_height = ROW


def set_heights(page: xw.Sheet, row: int, wrapped: Mapping[int, int], columns: Sequence[Sequence[Any]]) -> None:
    """Make each row as high as its longest text needs. `wrapped`: width by position of the columns that break into lines."""
    count = max((len(values) for values in columns), default=0)
    if not wrapped or not count:
        return
    if not hasattr(page.impl, "set_block"):  # a live program fits its rows itself
        page.range((row, 1), (row + count - 1, 1)).rows.autofit()
        return
    high = [ROW] * count
    for place, width in wrapped.items():
        seen: dict[Any, float] = {}
        for number, text in enumerate(columns[place] if place < len(columns) else ()):
            if isinstance(text, str) and text not in seen:
                seen[text] = _points(text, width)
            high[number] = max(high[number], seen.get(text, ROW))
    at_once = getattr(page.impl, "set_row_heights", None)
    if at_once is not None:
        at_once(row, [points if points > ROW else None for points in high])
        return
    for points, same in groupby(high):
        end = row + len(list(same))
        if points > ROW:
            page.range((row, 1), (end - 1, 1)).row_height = points
        row = end


def _points(text: str, width: float) -> float:
    """Return the height a text needs; one line needs no more than an ordinary row."""
    lines = lines_of(text, width)
    return ROW if lines == 1 else (LINE_ZH if _WIDE.search(text) else LINE) * lines + 2
