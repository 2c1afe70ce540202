"""A report's sheet made ready for new rows: every row in sight, no filter, no totals row, no merged cells, no protection.

A filter and hidden rows belong to the rows as they stood: left alone they would hide other customers after a refresh.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import xlwings as xw

from workbook.report_place import HEADER_ROW, Place
from xladdin.errors import BadRequest


def refuse_protected(pages: Iterable[xw.Sheet]) -> None:
    """Raise BadRequest, before anything is written, where a program would not let a sheet be changed."""
    for page in pages:
        if is_protected(page):
            raise BadRequest(f"the sheet {page.name} is protected; take the protection off (Review > Unprotect Sheet). Nothing was changed")


def is_protected(page: xw.Sheet) -> bool:
    """Tell whether the program keeps the sheet's cells from being changed; a closed file can always be written."""
    own = getattr(page.impl, "protected", None)
    if own is not None:
        return bool(own)
    try:
        return page.api.ProtectContents is True  # Excel for Windows
    except Exception:  # noqa: BLE001 - another program's object, which has no such property
        return False


def make_ready(place: Place, extent: tuple[int, int]) -> None:
    """Take off what belongs to the rows as they stood."""
    last = max(extent[0], place.bottom, place.extent.last if place.extent else 0)
    if place.table is not None:
        if not place.table.show_headers:
            place.table.show_headers = True
        if place.totals:
            place.table.show_totals = False
        if place.table.show_autofilter:  # off and on again: the buttons stay, what they hid shows
            place.table.show_autofilter = False
            place.table.show_autofilter = True
    width = max(extent[1], place.width)
    area = place.page.range((HEADER_ROW, 1), (last, width))
    if area.merge_cells is not False:
        area.unmerge()
    show_rows(place.page.range((HEADER_ROW, 1), (last, 1)))


def show_rows(place: xw.Range) -> None:
    """Bring hidden rows into sight."""
    impl: Any = place.impl
    if hasattr(type(impl), "row_hidden"):
        impl.row_hidden = False
        return
    rows = getattr(place.api, "EntireRow", None)
    if rows is not None and hasattr(rows, "Hidden"):  # Excel for Windows
        rows.Hidden = False
    else:
        place.row_height = 15
