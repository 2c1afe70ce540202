"""Every button of the workbook in Excel leaves what a refresh of the closed file leaves, cell by cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.excel_model.books import Book, load
from tests.excel_model.conftest import Opened
from tests.excel_model.engine import ALERTS
from workbook.refresh import refresh
from xladdin.hosts.excel.buttons import run
from xladdin.hosts.file import open_book
from xladdin.registry import reports


def refreshed(opened: Opened, keys: list[str] | None) -> Book:
    """Refresh the closed file, and read it with a reader that is not ours."""
    book = open_book(opened.path)
    try:
        refresh(book, today=dt.date.today(), keys=keys)
        book.save()
    finally:
        book.close()
    return load(opened.path, opened.before)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other or abs(one - other) < 1e-9 * max(abs(one), abs(other))
    return type(one) is type(other) and one == other


def differences(got: Book, wanted: Book) -> list[str]:
    """Say where two workbooks differ: cells, formulas, the formats of filled cells, tables, names."""
    found = []
    assert [sheet.name for sheet in got.sheets] == [sheet.name for sheet in wanted.sheets]
    for sheet, other in zip(got.sheets, wanted.sheets, strict=True):
        for place in sorted(sheet.cells.keys() | other.cells.keys()):
            one, two = sheet.cells.get(place), other.cells.get(place)
            if not same(one, two):
                found.append(f"{sheet.name}!{place}: {one!r}, closed {two!r}")
            elif sheet.look(*place, "NumberFormat") != other.look(*place, "NumberFormat"):
                found.append(f"{sheet.name}!{place}: shown as {sheet.look(*place, 'NumberFormat')}, closed {other.look(*place, 'NumberFormat')}")
        if sheet.formulas != other.formulas:
            found.append(f"{sheet.name}: other formulas {sorted(sheet.formulas.items() ^ other.formulas.items())[:3]}")
        if {table.name: table.rect for table in sheet.tables} != {table.name: table.rect for table in other.tables}:
            found.append(f"{sheet.name}: other tables")
    if {name.name: name.refers for name in got.names} != {name.name: name.refers for name in wanted.names}:
        found.append("other names")
    return found


@pytest.mark.parametrize("key", reports())
def test_p01_a_report_button_in_excel_leaves_what_the_closed_file_shows(opened: Opened, key: str) -> None:
    book, model, _, _ = opened
    line = run(key, book)
    assert "1 report, 0 unreconciled" in line, line
    assert ALERTS == []
    assert model.end() == []
    assert differences(model, refreshed(opened, [key])) == []


def test_p01_refresh_all_in_excel_leaves_what_the_closed_file_shows(opened: Opened) -> None:
    book, model, _, _ = opened
    line = run("all", book)
    assert f"{len(reports())} reports, 0 unreconciled" in line, line
    assert model.end() == []
    assert ALERTS == []
    assert differences(model, refreshed(opened, None)) == []
    assert sum(len(sheet.cells) for sheet in model.sheets) > 5_000


def test_p01_a_second_refresh_and_undo_in_excel_put_every_cell_back(opened: Opened) -> None:
    book, model, _, (_, before) = opened
    run("all", book)
    assert differences(model, before) != []
    assert run("undo", book) == "the last refresh is undone"
    assert model.end() == []
    assert differences(model, before) == []


def test_p01_a_refresh_that_fails_midway_in_excel_leaves_every_cell_as_it_was(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbook import refresh as job

    book, model, _, (_, before) = opened

    def failing(*_: Any) -> None:
        raise OSError("Excel is busy")

    monkeypatch.setattr(job, "write_status", failing)
    assert "the workbook is as it was before" in run("all", book)
    assert differences(model, before) == []


def test_check_in_excel_tells_what_it_tells_of_the_closed_file_and_writes_nothing(opened: Opened) -> None:
    from xladdin.jobs.workbooks import check_file

    book, model, path, (_, before) = opened
    line = run("check", book)
    assert line.split(", ")[:4] == check_file(path).lines[-1].split(", ")[:4]
    assert model.end() == []
    assert differences(model, before) == []


def test_letters_in_excel_are_those_of_the_closed_file(opened: Opened) -> None:
    from xladdin.jobs.papers import letters_file

    book, model, path, (_, before) = opened
    line = run("letters", book)
    (folder,) = [one for one in path.parent.iterdir() if one.name.startswith("letters ")]
    assert str(folder) in line
    letters_file(path, path.parent / "closed", None)
    assert sorted(one.name for one in folder.iterdir()) == sorted(one.name for one in (path.parent / "closed").iterdir()) != []
    assert differences(model, before) == []


def test_a_report_takes_few_calls_for_a_value(opened: Opened) -> None:
    """Excel answers each call of another process on its own: a column is one call, never one for each of its cells."""
    from tests.excel_model import ranges

    book = opened.book
    count = 0
    write = ranges.Range._write

    def counting(self: Any, value: Any) -> None:
        nonlocal count
        count += 1
        write(self, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges.Range, "Value", property(ranges.Range.Value.fget, counting))
        run("aging", book)
    assert 0 < count < 120
