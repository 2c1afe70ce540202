"""What follows a table when it grows or shrinks: rules, drop-downs, print areas, names, charts, sparklines.

Excel keeps them in step while it edits; in a file each is an address of its own. One rule serves all: a range that
spans exactly the rows of the table's body (or of the whole table) within its columns gets the new rows. A print area
that ends with the table ends with it afterwards. Print titles name rows above and stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from xladdin.hosts.file import xml
from xladdin.hosts.file.address import MAX_ROW, Rect, parse_rect, quote_sheet, split_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from xladdin.hosts.file.sheet import Sheet

_SQREF: Final = re.compile(rb'(\s(?:sqref|ref)=")([^"]*)(")')
_X14_SQREF: Final = re.compile(rb"(<(?:\w+:)?sqref>)([^<]*)(</)")
_X14_FORMULA: Final = re.compile(rb"(<(?:\w+:)?f>)([^<]*)(</)")
_SPARKLINE: Final = re.compile(rb"(<(?:\w+:)?sparkline>.*?</(?:\w+:)?sparkline>)", re.DOTALL)
_CHART_FORMULA: Final = re.compile(rb"(<(?:\w+:)?f>)([^<]*)(</)")
_CONTAINERS: Final = ("conditionalFormatting", "dataValidations", "autoFilter", "ignoredErrors", "protectedRanges", "sortState")


class Change(NamedTuple):
    """A table's old and new place; the body is the table without header and totals."""

    table: Rect
    body: Rect
    new_table: Rect
    new_body: Rect

    def follow(self, rect: Rect) -> Rect:
        """Return where a range belongs after the change."""
        inside = self.table.column <= rect.column and rect.last_column <= self.table.last_column
        rows = (rect.row, rect.last_row)
        for old, new in ((self.body, self.new_body), (self.table, self.new_table)):
            if inside and rows == (old.row, old.last_row):
                return self._wide(rect, rect._replace(row=new.row, last_row=new.last_row))
        return rect

    def _wide(self, old: Rect, new: Rect) -> Rect:
        """Follow the width too, when the range spans all columns of the table."""
        if (old.column, old.last_column) == (self.table.column, self.table.last_column):
            return new._replace(column=self.new_table.column, last_column=self.new_table.last_column)
        return new

    def follow_print_area(self, rect: Rect) -> Rect:
        """Return where a print area belongs: one that ended with the table ends with it again."""
        if rect.last_row == self.table.last_row and rect.row <= self.table.row and rect.last_row < MAX_ROW and rect.overlap(self.table):
            return rect._replace(last_row=self.new_table.last_row)
        return self.follow(rect)


def table_moved(sheet: Sheet, change: Change) -> None:
    """Let everything in the workbook follow a table's new place."""
    _follow_in_sheet(sheet, change)
    _follow_names(sheet, change)
    _follow_charts(sheet, change)


def _follow_in_sheet(sheet: Sheet, change: Change) -> None:
    def areas(text: str) -> str:
        return " ".join(_moved(area, change.follow) for area in text.split())

    def attributes(content: bytes) -> bytes:
        return _sub(_SQREF, content, areas)

    def extension(content: bytes) -> bytes:
        def moved(part: bytes, follow: Callable[[Rect], Rect]) -> bytes:
            return _sub(_X14_FORMULA, part, lambda text: _reference(text, sheet.name, follow))

        parts = _SPARKLINE.split(content)
        parts[::2] = [moved(_sub(_X14_SQREF, part, areas), change.follow) for part in parts[::2]]
        parts[1::2] = [moved(part, column) for part in parts[1::2]]
        return b"".join(parts)

    def column(rect: Rect) -> Rect:
        """Follow with a small chart of a column; one of a row belongs to its row, however long the table gets."""
        return rect if rect.last_column > rect.column else change.follow(rect)

    sheet.part.shell.rewrite(attributes, *_CONTAINERS)
    sheet.part.shell.rewrite(extension, "extLst")


def _follow_names(sheet: Sheet, change: Change) -> None:
    workbook = sheet.book.workbook
    changed = False
    for item in workbook.defined_names():
        bare = item.get("name") or ""
        follow = change.follow_print_area if bare == "_xlnm.Print_Area" else change.follow
        text = item.text or ""
        new = ",".join(_reference(area, sheet.name, follow) for area in _areas(text))
        if new != text:
            item.text = new
            changed = True
    if changed:
        workbook.store()


def _follow_charts(sheet: Sheet, change: Change) -> None:
    """Charts stand on any sheet and name their ranges in full."""
    package = sheet.book.workbook.package
    word = xml.escape_text(sheet.name.replace("'", "''")).encode()
    for part in package.names():
        if part.startswith("xl/charts/chart") and part.endswith(".xml"):
            data = package.read(part)
            if word in data:
                new = _sub(_CHART_FORMULA, data, lambda text: _reference(text, sheet.name, change.follow))
                if new != data:
                    package.write(part, new)


def _areas(text: str) -> list[str]:
    """Split a reference to several areas at the commas outside quotes."""
    return re.split(r",(?=(?:[^']*'[^']*')*[^']*$)", text)


def _moved(area: str, follow: Callable[[Rect], Rect]) -> str:
    rect = parse_rect(area)
    if rect is None:
        return area
    new = follow(rect)
    return area if new == rect else new.a1()


def _reference(text: str, sheet: str, follow: Callable[[Rect], Rect]) -> str:
    """Move a reference in full (Sheet1!$A$1:$A$9), if it is one and to this sheet."""
    found = split_reference(text)
    if found is None or found[0].lower() != sheet.lower():
        return text
    new = follow(found[1])
    absolute = "$" in text.rpartition("!")[2]
    return text if new == found[1] else f"{quote_sheet(sheet)}!{new.a1(absolute=absolute)}"


def _sub(pattern: re.Pattern[bytes], content: bytes, change: Callable[[str], str]) -> bytes:
    def replace(found: re.Match[bytes]) -> bytes:
        old = xml.unescape_entities(found[2].decode())
        new = change(old)
        return found[0] if new == old else found[1] + xml.escape_text(new).encode() + found[3]

    return pattern.sub(replace, content)
