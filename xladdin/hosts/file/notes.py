"""Notes (the yellow ones): their texts can be read; they are kept when the workbook is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlwings import base_classes

from xladdin.hosts.file import xml
from xladdin.hosts.file.address import Rect, parse_rect
from xladdin.hosts.file.package import Relationships
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from xladdin.hosts.file.range import Range
    from xladdin.hosts.file.sheet import Sheet


@complete(base_classes.Note)
class Note:
    """The note on one cell."""

    def __init__(self, sheet: Sheet, rect: Rect, text: str, author: str) -> None:
        self._sheet, self.rect, self._text, self._author = sheet, rect, text, author

    @property
    def api(self) -> Note:
        """There is no native object below this one."""
        return self

    @property
    def text(self) -> str:
        """What the note says."""
        return self._text

    @text.setter
    def text(self, value: str) -> None:
        raise NotImplementedError("notes of a closed workbook can be read, not written: write into a cell, or open the workbook in Excel")

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self._author

    @property
    def location(self) -> Range:
        """The cell it stands on."""
        return self._sheet.range(self.rect.a1())


def sheet_notes(sheet: Sheet) -> list[Note]:
    """Read all notes of a sheet."""
    package = sheet.book.workbook.package
    notes: list[Note] = []
    for _, part in Relationships(package, sheet.part.part).of_type("comments"):
        root = xml.parse(xml.normalise(package.read(part), part), part)
        authors = [author.text or "" for author in root.iterfind(f"{m('authors')}/{m('author')}")]
        for comment in root.iterfind(f"{m('commentList')}/{m('comment')}"):
            rect = parse_rect(comment.get("ref", ""))
            text = "".join(piece.text or "" for piece in comment.iter(m("t")))
            number = xml.whole(comment.get("authorId"), 0)
            if rect is not None:
                notes.append(Note(sheet, rect, text, authors[number] if number < len(authors) else ""))
    return notes
