"""A report button leaves the same in every host: in place, the analyst's words kept."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import AS_OF
from tests.hosts.hosts import Host
from workbook.host_tables import cells_of, table_of
from workbook.refresh import refresh
from xladdin.registry import reports


def shown(book: Any, key: str) -> list[list[Any]]:
    """Read a report's table, headers first."""
    page = book.sheets[reports()[key].sheet]
    return [[plain(value) for value in row] for row in cells_of(table_of(page, key).range)]


def plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(float(value), 6)
    return None if value == "" else value


@pytest.fixture(scope="module")
def closed(_built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Any]]]:
    """What the reports hold on a closed file, where openpyxl and every other test look at them."""
    from xladdin.hosts.file import open_book

    book = open_book(Path(shutil.copy(_built / "small.xlsm", tmp_path_factory.mktemp("closed") / "Credit.xlsm")))
    try:
        refresh(book, today=AS_OF)
        return {key: shown(book, key) for key in reports()}
    finally:
        book.close()


@pytest.mark.parametrize("key", reports())
def test_a_report_holds_the_same_rows_as_on_a_closed_file(host: Host, small: Path, closed: dict[str, Any], key: str) -> None:
    with host.open(small) as book:
        refresh(book, today=AS_OF, keys=[key])
        got = shown(book, key)
    if key == "data_problems":  # it lists what the reports before it found: alone, only the ledger's own
        assert got[0] == closed[key][0]
    else:
        assert got == closed[key]


def test_a_second_refresh_changes_nothing(host: Host, small: Path) -> None:
    with host.open(small) as book:
        refresh(book, today=AS_OF, keys=["aging", "escalation"])
        once = {key: shown(book, key) for key in ("aging", "escalation")}
        refresh(book, today=AS_OF, keys=["aging", "escalation"])
        assert {key: shown(book, key) for key in once} == once


def test_a_typed_note_stays_with_its_document(host: Host, small: Path) -> None:
    with host.open(small) as book:
        refresh(book, today=AS_OF, keys=["escalation"])
        page = book.sheets[reports()["escalation"].sheet]
        area = table_of(page, "escalation").range
        rows = cells_of(area)
        column, row = rows[0].index("Note"), 3
        key = rows[row][:2]
        page.range((area.row + row, area.column + column)).value = "承诺下周付款 = promised"
        refresh(book, today=AS_OF + dt.timedelta(9), as_of=AS_OF + dt.timedelta(9), keys=["escalation"])
        after = shown(book, "escalation")
        assert [line[column] for line in after if line[:2] == [plain(value) for value in key]] == ["承诺下周付款 = promised"]


def test_the_other_sheets_are_left_alone(host: Host, small: Path) -> None:
    with host.open(small) as book:
        before = cells_of(book.sheets["Ledger"].used_range)
        refresh(book, today=AS_OF, keys=["aging"])
        assert cells_of(book.sheets["Ledger"].used_range) == before


def test_an_empty_ledger_makes_empty_reports(host: Host, empty: Path) -> None:
    with host.open(empty) as book:
        made = refresh(book, today=AS_OF)
        assert made.unreconciled == 0
        assert len(shown(book, "escalation")) <= 2


def test_renamed_headers_and_hidden_rows_change_nothing(host: Host, small: Path) -> None:
    with host.open(small) as book:
        refresh(book, today=AS_OF, keys=["escalation"])
        once = shown(book, "escalation")
        page = book.sheets[reports()["escalation"].sheet]
        area = table_of(page, "escalation").range
        page.range((area.row, 1), (area.row, len(once[0]))).value = [[f"Heading {number}" for number in range(len(once[0]))]]
        page.range((area.row + 2, 1), (area.row + 4, 1)).impl.row_hidden = True
        refresh(book, today=AS_OF, keys=["escalation"])
        assert shown(book, "escalation") == once
        assert not any(page.range((area.row + row, 1)).impl.row_hidden for row in range(1, 6))
