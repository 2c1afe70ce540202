"""Reports that an analyst has changed by hand in Excel: refreshed there as in the closed file, and put back by Undo, names and all."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.excel_model.books import Book, Name
from tests.excel_model.conftest import Opened
from tests.excel_model.engine import ALERTS
from tests.excel_model.ranges import CALLS
from tests.excel_model.test_buttons import differences
from xladdin.hosts.excel.buttons import run

Change = Callable[[Any], None]


def table_on(sheet: Any) -> Any:
    return next(table for table in sheet.tables if table.name.startswith("rpt_"))


def renamed_headers(sheet: Any) -> None:
    table = table_on(sheet)
    for number, column in enumerate(range(table.rect.column, table.rect.last_column + 1), start=1):
        sheet.cells[table.rect.row, column] = f"Spalte {number}"


def rows_above(sheet: Any) -> None:
    sheet.Range("A1:A3").EntireRow.Insert()
    sheet.Range("A1").Value = "Read by the board"


def column_before(sheet: Any) -> None:
    sheet.Range("A1").EntireColumn.Insert()


def column_within(sheet: Any) -> None:
    sheet.Range("C1").EntireColumn.Insert()
    sheet.cells[table_on(sheet).rect.row + 1, 3] = "ours"


def filtered(sheet: Any) -> None:
    table = table_on(sheet)
    table.filtered = set(range(table.rect.row + 2, table.rect.last_row + 1))


def hidden_rows(sheet: Any) -> None:
    sheet.Range("A9:A12").EntireRow.Hidden = True


def headers_off(sheet: Any) -> None:
    table_on(sheet).ShowHeaders = False


def totals_on(sheet: Any) -> None:
    table_on(sheet).ShowTotals = True


def merged_below(sheet: Any) -> None:
    row = table_on(sheet).rect.last_row + 2
    sheet.Range(f"A{row}:C{row}").Merge()


def other_sheet_name(sheet: Any) -> None:
    sheet.Name = "Ours, renamed"


def cells_without_table(sheet: Any) -> None:
    table_on(sheet).Unlist()


CHANGES: tuple[Change, ...] = (
    renamed_headers, rows_above, column_before, column_within, filtered, hidden_rows, headers_off, totals_on, merged_below, other_sheet_name,
    cells_without_table,
)  # fmt: skip


def report(model: Book, key: str) -> Any:
    return next(sheet for sheet in model.sheets for table in sheet.tables if table.name == f"rpt_{key}")


def notes(sheet: Any, key: str) -> set[Any]:
    """What stands in the analyst's column of notes, found by its name."""
    name = next(one for one in sheet.book.names if one.name == f"key_{key}__note")
    place, last = name.RefersToRange.rect, table_on(sheet).rect.last_row
    return {value for row in range(place.row + 1, last + 1) if (value := sheet.cells.get((row, place.column))) is not None}


@pytest.mark.parametrize("key", ["aging", "escalation"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_report_keeps_its_notes_and_shows_every_row_after_a_refresh(opened: Opened, key: str, change: Change) -> None:
    book, model, _, _ = opened
    sheet = report(model, key)
    run(key, book)
    wanted = notes(sheet, key)
    assert len(wanted) > 3
    change(sheet)
    line = run(key, book)
    assert "1 report, 0 unreconciled" in line, line
    assert ALERTS == []
    assert model.end() == []
    table = table_on(sheet)
    assert notes(sheet, key) == wanted
    assert sheet.Range(table.Range.Address).EntireRow.Hidden is False
    assert sheet.merged == []
    assert not any("Spalte" in text for text in table.headers())
    if change is rows_above:
        assert sheet.cells[1, 1] == "Read by the board"
        assert table.rect.row == 10
    if change is column_before:
        assert table.rect.column == 2
        assert (table.rect.row, 1) not in sheet.cells
    if change is column_within:
        assert "ours" in sheet.cells.values()


@pytest.mark.parametrize("change", [*CHANGES[:4], other_sheet_name], ids=lambda change: change.__name__)
def test_undo_puts_a_changed_report_back_with_its_names_and_looks(opened: Opened, change: Change) -> None:
    book, model, _, _ = opened
    sheet = report(model, "aging")
    change(sheet)
    before = copy.deepcopy(model)
    run("aging", book)
    assert differences(model, before) != []
    assert run("undo", book) == "the last refresh is undone"
    assert differences(model, before) == []
    other = report(before, "aging")
    unlike = [
        (place, look, sheet.look(*place, look), other.look(*place, look))
        for place in sheet.cells
        for look in ("Fill", "Bold", "Ink")
        if sheet.look(*place, look) != other.look(*place, look)
    ]
    assert unlike == []


def test_undo_puts_back_names_that_the_refresh_took_away_and_takes_away_those_it_made(opened: Opened) -> None:
    book, model, _, _ = opened
    run("aging", book)
    model.names.append(Name(model, "key_aging__of_old", "=Aging!$C$7"))
    model.names.remove(next(one for one in model.names if one.name == "key_aging__note"))
    before = {one.name: one.refers for one in model.names}
    run("aging", book)
    after = {one.name for one in model.names}
    assert "key_aging__of_old" not in after
    assert "key_aging__note" in after
    assert run("undo", book) == "the last refresh is undone"
    assert {one.name: one.refers for one in model.names} == before
    assert all(not one.Visible for one in model.names if one.name.startswith("key_"))


@pytest.mark.parametrize("task", ["aging", "all"])
def test_a_protected_sheet_is_refused_in_words_and_nothing_changes(opened: Opened, task: str) -> None:
    book, model, _, (_, before) = opened
    report(model, "aging").Protect()
    line = run(task, book)
    assert "the sheet Aging is protected; take the protection off" in line
    assert "failed inside" not in line
    assert differences(model, before) == []


def test_undo_waits_until_the_sheet_is_not_protected_any_more(opened: Opened) -> None:
    book, model, _, (_, before) = opened
    run("aging", book)
    sheet = report(model, "aging")
    sheet.Protect()
    assert "is protected" in run("undo", book)
    sheet.Unprotect()
    assert run("undo", book) == "the last refresh is undone"
    assert differences(model, before) == []


def test_a_thousand_names_more_cost_a_report_few_calls(opened: Opened) -> None:
    """Each member of each name is a call of Excel: all names are gone through twice in a refresh, once to keep them and once to read them."""
    book, model, _, _ = opened
    run("aging", book)

    def calls() -> int:
        CALLS.clear()
        run("aging", book)
        return sum(CALLS.values())

    few = calls()
    model.names += [Name(model, f"ours_{number}", "=1") for number in range(1000)]
    assert calls() - few <= 1000 * 2 * 3 + 100


def test_all_reports_go_through_the_names_no_more_often_than_one(opened: Opened) -> None:
    book, model, _, _ = opened
    CALLS.clear()
    run("all", book)
    assert CALLS["Item"] < 4 * len(model.names) + 10 * 40
