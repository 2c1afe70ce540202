"""LibreOffice as a host: a soffice of its own for the whole run, headless, with the extension."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.arguments import Call
from tests.hosts.hosts import Shown
from tests.hosts.sheets import WHY, write_calls
from xladdin.call import call as call_function
from xladdin.call import find
from xladdin.cells import ExcelError

#: LibreOffice's error numbers and the error values that they are in a workbook
ERRORS = {32767: "#N/A", 519: "#VALUE!", 532: "#DIV/0!", 503: "#NUM!", 524: "#REF!", 525: "#NAME?", 521: "#NULL!", 502: "#VALUE!"}
TEXT = 2  # com.sun.star.sheet.FormulaResult.STRING


class OfficeHost:
    """LibreOffice Calc."""

    name = "libreoffice"
    title = "LibreOffice"
    marks = (pytest.mark.libreoffice, pytest.mark.slow, pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"))
    booleans_are_numbers = True

    def start(self, folder: Path) -> None:
        from xladdin.hosts.libreoffice.extension import build_extension, this_product
        from xladdin.hosts.libreoffice.office import running_office

        extension = build_extension(folder / "Credit.oxt", this_product())
        self._running = running_office(extension=extension)
        self.office = self._running.__enter__()

    def stop(self) -> None:
        self._running.__exit__(None, None, None)

    def comparable(self, call: Call) -> bool:
        """Leave out what LibreOffice decides before a function is asked, or cannot tell: see the parity table."""
        name, args = call
        ranges = [arg for arg in args if isinstance(arg, list)]
        cells = [cell for arg in ranges for row in arg for cell in (row if isinstance(row, list) else [row])]
        if any(isinstance(cell, ExcelError) for cell in cells) or (ranges and any(isinstance(arg, ExcelError) for arg in args)):
            return False
        errors = [arg for arg in args if isinstance(arg, ExcelError)]
        if len({str(error) for error in errors}) > 1:  # of several error values LibreOffice itself answers with the last
            return False
        if errors and call_function(name, *args).value != errors[0]:  # an error comes out before anything else is looked at
            return False
        # an empty single cell arrives as 0, so a date of 0 is taken for a blank
        return not any(arg.kind == "date" and type(value) is int and value == 0 for arg, value in zip(find(name).args, args, strict=False))

    def show(self, calls: Sequence[Call], folder: Path) -> list[Shown]:
        path = folder / "calls.xlsx"
        laid = write_calls(path, calls)
        document = self.office.load(path)
        try:
            document.calculateAll()
            sheet = document.Sheets.getByName("Out")
            last = laid[-1].row + laid[-1].height
            width = max(one.width for one in laid)
            block = sheet.getCellRangeByPosition(0, 0, max(width, 1) - 1, last).getDataArray()
            why = sheet.getCellRangeByName(f"{WHY}1:{WHY}{last}").getDataArray()

            def cell(row: int, column: int) -> Any:
                value = block[row][column]
                if value in (None, "") or math.isnan(float(value) if isinstance(value, float) else 0.0):
                    one = sheet.getCellByPosition(column, row)
                    code = one.getError()
                    return ExcelError(ERRORS.get(code, "#VALUE!")) if code else one.getString()
                return value

            return [
                Shown(
                    [[cell(one.row - 1 + down, across) for across in range(one.width)] for down in range(one.height)],
                    why[one.row - 1][0] or "",
                )
                for one in laid
            ]
        finally:
            document.close(True)

    @contextmanager
    def open(self, path: Path) -> Iterator[Any]:
        from xladdin.hosts.libreoffice.engine import book_of

        document = self.office.load(path)
        try:
            yield book_of(document)
        finally:
            document.close(True)
