"""Closed workbooks: xlwings' object model over the parts of an .xlsx or .xlsm file, without any spreadsheet program.

    book = open_book("Credit.xlsm")
    book.sheets["Aging"]["A5"].value = frame
    book.save()          # all or nothing, with a backup
    undo("Credit.xlsm")  # puts the backup back

Only the parts that change are written; all others (ribbon, VBA, charts, slicers …) are copied byte for byte.
"""

from __future__ import annotations

import os
from pathlib import Path

import xlwings as xw

from xladdin.errors import NotAWorkbook
from xladdin.hosts.file.check import check_file
from xladdin.hosts.file.engine import ENGINE, register
from xladdin.hosts.file.save import BACKUP_FOLDER, BACKUPS_KEPT, list_backups, undo

__all__ = ["BACKUPS_KEPT", "BACKUP_FOLDER", "check_file", "list_backups", "open_book", "undo"]

_SHOWN = 100  #: letters of a name in a message

assert not xw.__pro__, "only the free part of xlwings is used"  # noqa: S101 - a licence rule, checked wherever this is imported
register()


def open_book(path: str | os.PathLike[str]) -> xw.Book:
    """Open a closed workbook. Raises NotAWorkbook and WorkbookOpen with one sentence saying what is wrong."""
    try:
        return xw.Book(impl=ENGINE.apps.app.books.open(os.path.realpath(Path(path))))
    except OSError as error:  # no right to read it, links in a circle, a name that is too long …
        name = Path(path).name
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        raise NotAWorkbook(f"{shown} cannot be read: {(error.strerror or str(error)).lower()}") from None
