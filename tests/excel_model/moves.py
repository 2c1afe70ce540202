"""Rows and columns inserted and deleted in the model, with what refers to them.

Excel takes everything along: cells, heights, tables, defined names, and the references of formulas on every sheet (Microsoft: "Insert or
delete rows and columns": "all references that are affected by the insertion adjust accordingly, whether they are relative or absolute";
a reference to deleted cells becomes #REF!). A column inserted within a table becomes a column of it and gets a header of its own.
"""

from __future__ import annotations

import re
from typing import Any

from xladdin.hosts.file.address import Rect, parse_rect

_TEXTS = re.compile(r'("(?:[^"]|"")*"|\[(?:[^\[\]]|\[[^\[\]]*\])*\])')
_SHEET = r"(?:'((?:[^']|'')+)'|([A-Za-z_\u0080-\uffff][\w.]*))!"
_REFERENCE = re.compile(rf"(?<![\w.!$'])({_SHEET})?(\$?[A-Z]{{1,3}}\$?\d+)(?::(\$?[A-Z]{{1,3}}\$?\d+))?(?![\w(.!])")
_CORNER = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)")


def span(first: int, last: int, at: int, count: int) -> tuple[int, int] | None:
    """Where lines `first` to `last` are after `count` were inserted before line `at`, or, negative, deleted from it on; None: nowhere."""
    if count >= 0:
        return first + count * (first >= at), last + count * (last >= at)
    end = at - count - 1  # the last line that goes
    if at <= first and last <= end:
        return None
    return (first if first < at else max(first + count, at)), (last if last < at else at - 1 if last <= end else last + count)


def moved_rect(rect: Rect, at: int, count: int, *, rows: bool) -> Rect | None:
    """Where a rectangle is afterwards."""
    found = span(rect.row, rect.last_row, at, count) if rows else span(rect.column, rect.last_column, at, count)
    if found is None:
        return None
    return rect._replace(row=found[0], last_row=found[1]) if rows else rect._replace(column=found[0], last_column=found[1])


def moved_text(text: str, own: str, sheet: str, at: int, count: int, *, rows: bool) -> str:
    """What a formula on the sheet `own` says after lines of `sheet` moved."""

    def one(found: re.Match[str]) -> str:
        name = (found[2] or found[3] or own).replace("''", "'")
        if name.casefold() != sheet.casefold():
            return found[0]
        corners = [corner for corner in (found[4], found[5]) if corner]
        rect = moved_rect(parse_rect(":".join(corners).replace("$", "")), at, count, rows=rows)
        if rect is None:
            return f"{found[1] or ''}#REF!"
        new = rect.a1().split(":")
        return (found[1] or "") + ":".join(_with_signs(was, to) for was, to in zip(corners, new * (len(corners) // len(new)), strict=True))

    return "".join(part if number % 2 else _REFERENCE.sub(one, part) for number, part in enumerate(_TEXTS.split(text)))


def quoted(name: str) -> str:
    """A sheet's name as Excel writes it in a reference: in quotes only where it must be."""
    plain = re.fullmatch(r"[A-Za-z_\u0080-\uffff][\w.]*", name) and not re.fullmatch(r"[A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*", name)
    return name if plain else "'" + name.replace("'", "''") + "'"


def renamed(text: str, was: str | None = None, now: str = "") -> str:
    """A reference of a name as Excel keeps it, with one sheet by another name."""

    def one(found: re.Match[str]) -> str:
        name = (found[1] or found[2]).replace("''", "'")
        return f"{quoted(now if was is not None and name.casefold() == was.casefold() else name)}!"

    return "".join(part if number % 2 else re.sub(_SHEET, one, part) for number, part in enumerate(_TEXTS.split(text)))


def _with_signs(was: str, to: str) -> str:
    """Give a corner the dollar signs it had."""
    signs, place = _CORNER.fullmatch(was), _CORNER.fullmatch(to)
    assert signs is not None and place is not None  # noqa: PT018 - both are corners
    return f"{signs[1]}{place[2]}{signs[3]}{place[4]}"


def move_lines(sheet: Any, at: int, count: int, *, rows: bool) -> None:
    """Insert `count` rows or columns before line `at`; negative: delete them."""
    axis = 0 if rows else 1

    def place_of(place: tuple[int, int]) -> tuple[int, int] | None:
        found = span(place[axis], place[axis], at, count)
        return None if found is None else (found[0], place[1]) if rows else (place[0], found[0])

    def moved(known: dict[Any, Any]) -> dict[Any, Any]:
        return {(*new, *key[2:]): value for key, value in known.items() if (new := place_of(key[:2])) is not None}

    def lines(known: Any) -> Any:
        pairs = known.items() if isinstance(known, dict) else ((one, True) for one in known)
        made = {found[0]: value for line, value in pairs if (found := span(line, line, at, count)) is not None}
        return made if isinstance(known, dict) else set(made)

    sheet.cells, sheet.looks = moved(sheet.cells), moved(sheet.looks)
    for other in sheet.book.sheets:
        formulas = moved(other.formulas) if other is sheet else other.formulas
        results = moved(other.results) if other is sheet else other.results
        other.formulas = {place: moved_text(text, other.name, sheet.name, at, count, rows=rows) for place, text in formulas.items()}
        other.results = {
            (*key[:2], moved_text(key[2], other.name, sheet.name, at, count, rows=rows)): value for key, value in results.items()
        }  # fmt: skip
    if rows:
        sheet.heights, sheet.hidden = lines(sheet.heights), lines(sheet.hidden)
    else:
        sheet.widths = lines(sheet.widths)
    sheet.merged = [rect for one in sheet.merged if (rect := moved_rect(one, at, count, rows=rows)) is not None]
    for name in sheet.book.names:
        name.refers = moved_text(name.refers, "", sheet.name, at, count, rows=rows)
    for table in list(sheet.tables):
        if rows:
            table.filtered = lines(table.filtered)
        rect = moved_rect(table.rect, at, count, rows=rows)
        if rect is None or (rows and count < 0 and at <= table.rect.row < at - count):
            sheet.tables.remove(table)  # with its header row goes the table
            continue
        grown, table.rect = rect.width - table.rect.width, rect
        for column in range(at, at + grown):
            taken = {str(text).casefold() for text in table.headers()}
            number = next(number for number in range(1, 1000) if f"column{number}" not in taken)
            sheet.cells[rect.row, column] = f"Column{number}"
