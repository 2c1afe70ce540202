"""Heights of a report's rows where long texts break into lines: a closed file has nobody to fit them, so they are estimated."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import xlwings as xw

from workbook.host_tables import HEADER_ROW
from workbook.sheet import Column

#: points of a line of text in the workbook's font, and of an ordinary row
LINE: Final = 14.0
ROW: Final = 15.0
_WIDE: Final = re.compile(r"[⺀-￦]")  # Chinese characters and punctuation take two places
_FILLED: Final = 0.9  # words do not fill a line to its end


def lines_of(text: str, width: float) -> int:
    """Estimate how many lines a text takes in a column of this width."""
    return sum(max(1, math.ceil((len(part) + len(_WIDE.findall(part))) / (width * _FILLED))) for part in text.split("\n"))


def set_heights(page: xw.Sheet, columns: Sequence[Column], cells: Mapping[str, Sequence[Any]], last: int) -> None:
    """Make each row of a report as high as its longest text needs; rows below, to `last`, get the ordinary height.

    A live program fits its rows itself. Reports without wrapped columns are left alone.
    """
    wrapped = [column for column in columns if column.wrap]
    if not wrapped:
        return
    first = HEADER_ROW + 1
    if not hasattr(page.impl, "set_block"):
        page.range((first, 1), (last, 1)).rows.autofit()
        return
    count = max((len(cells.get(column.key, ())) for column in wrapped), default=0)
    page.range((first, 1), (max(last, first), 1)).row_height = ROW
    high = [1] * count
    for column in wrapped:
        seen: dict[Any, int] = {}
        for row, text in enumerate(cells.get(column.key, ())):
            if text and text not in seen:
                seen[text] = lines_of(str(text), column.width)
            high[row] = max(high[row], seen.get(text, 1))
    row = first
    for lines, same in groupby(high):
        end = row + len(list(same))
        if lines > 1:
            page.range((row, 1), (end - 1, 1)).row_height = LINE * lines + 2
        row = end
