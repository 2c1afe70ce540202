"""A workbook that has been worked with, in English and in Chinese, built and read once."""

from __future__ import annotations

import copy
import datetime as dt
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.excel_model.books import Book, load
from tests.excel_model.engine import ALERTS, as_book
from workbook.build import build_workbook
from workbook.demo import MONTH_ENDS, SETTINGS, demo_data
from workbook.history.job import store_history
from workbook.host_book import read_host_book
from workbook.host_cells import put
from workbook.host_tables import table_of
from workbook.refresh import refresh
from xladdin.cells import ExcelError
from xladdin.hosts.file import open_book
from xladdin.registry import reports

EARLIER = dt.date(2026, 5, 31)
#: what analysts write beside rows, each of which Excel would take for something else
NOTES = ("=1+1", "'quoted", "1-30", "007", "TRUE", "#N/A", "-5 days", "+49 30 1234", "@home", "2026-01-31", "50%", "承诺下周付款", ExcelError("#N/A"))


class Opened(NamedTuple):
    """A workbook open in the model: as xlwings sees it, the model, the closed file beside it, and both as they were."""

    book: Any
    model: Book
    path: Path
    before: tuple[Path, Book]


def worked_with(folder: Path, language: str) -> Path:
    """Build a small exporter whose reports were refreshed a month ago, with a note in every row and a year of snapshots."""
    path = folder / "Credit.xlsm"
    build_workbook(path, data=demo_data(count=40), settings={**SETTINGS, "language": language}, language=language)
    book = open_book(path)
    try:
        refresh(book, today=EARLIER, as_of=EARLIER)
        for number, key in enumerate(reports()):
            page = book.sheets[reports()[key].sheet]
            area = table_of(page, key).range
            labels = [str(cell) for cell in page.range((area.row, area.column), (area.row, area.column + area.columns.count - 1)).value]
            note = next(place for place, label in enumerate(labels) if label in ("Note", "备注"))
            for row in range(1, area.rows.count):
                put(page.range((area.row + row, area.column + note)), NOTES[(row + number) % len(NOTES)])
        store_history(replace(read_host_book(book), folder=folder, name=path.name), MONTH_ENDS)
        book.save()
    finally:
        book.close()
    return path


@pytest.fixture(scope="session", params=["en", "zh"])
def worked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book]:
    """The closed workbook, and the model filled from it."""
    path = worked_with(tmp_path_factory.mktemp(request.param), request.param)
    return path, load(path)


@pytest.fixture
def opened(worked: tuple[Path, Book], tmp_path: Path) -> Opened:
    """A copy of the workbook open in the model, with its folder."""
    path, model = worked
    folder = Path(shutil.copytree(path.parent, tmp_path / "work"))
    fresh = copy.deepcopy(model)
    fresh.path = str(folder / path.name)
    ALERTS.clear()
    return Opened(as_book(fresh), fresh, folder / path.name, (path, model))


@pytest.fixture
def plain() -> Callable[..., tuple[Any, Book]]:
    """Make an empty workbook of one sheet in the model."""

    def make(**settings: Any) -> tuple[Any, Book]:
        from tests.excel_model.ranges import Sheet

        model = Book("Book1")
        model.sheets.append(Sheet(model, "Data"))
        for name, value in settings.items():
            setattr(model, name, value)
        return as_book(model), model

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if sys.platform == "win32":  # where the real engine has the real modules below it
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="the model stands in for Excel where there is none"))
