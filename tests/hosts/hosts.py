"""The hosts under test, one shape for all: what a cell shows, and what a report button leaves in a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.hosts.arguments import Call
from tests.hosts.sheets import WHY, write_calls
from xladdin.cells import ExcelError
from xladdin.hosts.file.address import column_name


@dataclass(frozen=True, slots=True)
class Shown:
    """What the cells of a call show, and what CREDITWHY says of the first one (None where the host was not asked)."""

    rows: list[list[Any]]
    why: str | None


class Host(Protocol):
    """One program, or none, that calculates cells and holds workbooks."""

    name: str
    title: str

    def show(self, calls: Sequence[Call], folder: Path) -> list[Shown]:
        """Calculate calls in cells."""

    def open(self, path: Path) -> Any:
        """Open a workbook as an xlwings Book for the length of a with block."""


class FileHost:
    """A closed workbook: no spreadsheet program at all."""

    name = "file"
    title = "Closed file"

    def show(self, calls: Sequence[Call], folder: Path) -> list[Shown]:
        from tests.file.recalc_books import recalculated

        path = folder / "calls.xlsx"
        laid = write_calls(path, calls)
        _, values = recalculated(path)

        def cell(address: str) -> Any:
            value = values.get(f"Out!{address}")
            if isinstance(value, dt.datetime):
                return value.date()
            return ExcelError(value) if isinstance(value, str) and value.startswith("#") else value

        return [
            Shown(
                [[cell(f"{column_name(1 + across)}{one.row + down}") for across in range(one.width)] for down in range(one.height)],
                cell(f"{WHY}{one.row}") or "",
            )
            for one in laid
        ]

    @contextmanager
    def open(self, path: Path) -> Iterator[Any]:
        from xladdin.hosts.file import open_book

        book = open_book(path)
        try:
            yield book
        finally:
            book.close()
