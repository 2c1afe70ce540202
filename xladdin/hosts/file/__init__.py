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

from xladdin.hosts.file.check import check_file
from xladdin.hosts.file.engine import ENGINE, register
from xladdin.hosts.file.save import BACKUP_FOLDER, BACKUPS_KEPT, list_backups, undo

__all__ = ["BACKUPS_KEPT", "BACKUP_FOLDER", "check_file", "list_backups", "open_book", "undo"]

assert not xw.__pro__, "only the free part of xlwings is used"  # noqa: S101 - a licence rule, checked wherever this is imported
register()


def open_book(path: str | os.PathLike[str]) -> xw.Book:
    """Open a closed workbook. Raises NotAWorkbook and WorkbookOpen with one sentence saying what is wrong."""
    return xw.Book(impl=ENGINE.apps.app.books.open(os.path.realpath(Path(path))))
