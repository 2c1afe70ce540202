"""Values written into a workbook are the same in every host, and what Excel's interface cannot take never reaches it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.excel_model.books import Book
from tests.excel_model.entry import entered
from tests.excel_model.variants import to_variant
from tests.hosts.office_host import OfficeHost
from workbook.host_cells import cells_of, put, stored
from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.host_values import MAX_TEXT, day_count, host_value
from xladdin.hosts.file import open_book

DAY = dt.date(2026, 3, 1)
#: a value, what its cell holds, and what `Range.NumberFormat` was before
VALUES: dict[str, tuple[Any, Any]] = {
    "a date": (DAY, 46082.0),
    "a date and time": (dt.datetime(2026, 3, 1, 12), 46082.5),
    "a time with a zone": (dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), 46082.5),
    "numpy's date": (np.datetime64("2026-03-01"), 46082.0),
    "pandas' date": (pd.Timestamp("2026-03-01"), 46082.0),
    "a date before all": (dt.date(1850, 1, 1), "1850-01-01"),
    "a duration": (dt.timedelta(hours=36), 1.5),
    "numpy's duration": (np.timedelta64(36, "h"), 1.5),
    "a time of day": (dt.time(18), 0.75),
    "no number": (math.nan, None),
    "numpy's no number": (np.float32("nan"), None),
    "no date": (np.datetime64("NaT"), None),
    "pandas' no date": (pd.NaT, None),
    "pandas' nothing": (pd.NA, None),
    "nothing": (None, None),
    "an empty text": ("", None),
    "infinity": (math.inf, ExcelError("#NUM!")),
    "minus infinity": (np.float64("-inf"), ExcelError("#NUM!")),
    "a whole number": (7, 7.0),
    "more than 32 bits": (2**40, 2.0**40),
    "more than 64 bits": (10**30, 1e30),
    "more than a number": (10**400, ExcelError("#NUM!")),
    "numpy's whole number": (np.int64(-3), -3.0),
    "numpy's truth": (np.bool_(True), True),
    "a truth": (False, False),
    "numpy's text": (np.str_("x"), "x"),
    "a decimal": (Decimal("0.123456789"), 0.123456789),
    "a decimal that is none": (Decimal("sNaN"), None),
    "a fraction": (Fraction(1, 4), 0.25),
    "an error value": (ExcelError("#DIV/0!"), ExcelError("#DIV/0!")),
    "the longest text": ("x" * MAX_TEXT, "x" * MAX_TEXT),
    **{f"the text {text}": (text, text) for text in (
        "=1+1", "=HYPERLINK(1)", "'quoted", "''", "+1+1", "-5 days", "@SUM(A1)", "1-30", "007", "1,234", "1e5", "50%", "TRUE", "#N/A", "#REF!", "2026-01-31",
        "May 2026", "3/4", "2026年1月", " 12 ", "承诺", "a\nb", "=", "'", "\t=1",
    )},
}  # fmt: skip
FORMATS = ("General", "@", "#,##0.00")


class ModelEngine:
    def __init__(self, plain: Callable[..., Any]):
        self.book, self.model = plain()

    def check(self) -> None:
        assert [fault for fault in self.model.faults if "became a text" not in fault] == []

    def close(self) -> None:
        pass


class FileEngine:
    def __init__(self, empty: Path):
        self.book = open_book(empty)
        self.book.sheets.add("Values")

    def check(self) -> None:
        pass

    def close(self) -> None:
        self.book.close()


class OfficeEngine:
    def __init__(self, folder: Path):
        from xladdin.hosts.libreoffice.engine import book_of

        self.host = OfficeHost()
        self.host.start(folder)
        self.document = self.host.office.new()
        self.book = book_of(self.document)

    def check(self) -> None:
        pass

    def close(self) -> None:
        self.document.close(True)
        self.host.stop()


@pytest.fixture(params=["excel", "file", pytest.param("libreoffice", marks=OfficeHost.marks)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    made = {"excel": lambda: ModelEngine(request.getfixturevalue("plain")), "file": lambda: FileEngine(request.getfixturevalue("empty")),
            "libreoffice": lambda: OfficeEngine(tmp_path)}[request.param]()  # fmt: skip
    yield made
    made.close()


def held(cell: Any, epoch: dt.datetime = dt.datetime(1899, 12, 30)) -> Any:
    """What a cell holds, with a date as its serial number."""
    if isinstance(cell, dt.datetime):
        return (cell.replace(tzinfo=None) - epoch) / dt.timedelta(days=1)
    return cell


def alike(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, ExcelError) != isinstance(got, ExcelError):
        return False
    if isinstance(wanted, bool):
        return got in (wanted, float(wanted))  # LibreOffice keeps truth values as numbers where a format says nothing
    if isinstance(wanted, float) and isinstance(got, float):
        return abs(got - wanted) <= 1e-6 * max(1, abs(wanted))
    return type(got) is type(wanted) and got == wanted


def test_p01_every_value_stays_what_it_is_in_every_host_and_format(engine: Any) -> None:
    page = engine.book.sheets[-1]
    wrong = []
    for column, number_format in enumerate(FORMATS, start=1):
        for row, (name, (value, wanted)) in enumerate(VALUES.items(), start=1):
            if number_format == "@" and not isinstance(wanted, (str, ExcelError, type(None))):
                continue  # a number in a cell with the text format is a text in Excel
            cell = page.range((row, column))
            cell.number_format = number_format
            put(cell, value)
            got = held(cells_of(cell)[0][0])
            if not alike(got, wanted):
                wrong.append(f"{name} in {number_format}: {got!r}, not {wanted!r}")
    assert wrong == []
    engine.check()


def test_p01_a_block_of_unlike_values_and_formats_stays_what_it_is(engine: Any) -> None:
    page = engine.book.sheets[-1]
    names = [name for name, (value, _) in VALUES.items() if isinstance(value, (str, ExcelError)) or value is None]
    rows = [[VALUES[name][0], VALUES[name][0]] for name in names]
    for row in range(1, len(rows) + 1):
        page.range((row, 1)).number_format = ("@", "General", "0.00")[row % 3]
    put(page.range((1, 1), (len(rows), 2)), rows)
    got = cells_of(page.range((1, 1), (len(rows), 2)))
    assert [[held(cell) for cell in row] for row in got] == [[VALUES[name][1]] * 2 for name in names]
    assert [isinstance(row[0], ExcelError) for row in got] == [isinstance(VALUES[name][1], ExcelError) for name in names]
    assert page.range((2, 1)).number_format == "0.00"
    engine.check()


def test_p01_a_text_longer_than_a_cell_is_refused_in_words_in_every_host(engine: Any) -> None:
    with pytest.raises(BadRequest, match="a cell holds at most 32,767 characters; got 32,768"):
        put(engine.book.sheets[-1].range("A1"), "x" * (MAX_TEXT + 1))


@pytest.mark.parametrize("rows", [[[1]], [[1, 2, 3]] * 2, [1, 2], [[1, 2], [3]], [[1, 2]] * 3])
def test_p01_rows_of_another_shape_are_refused(engine: Any, rows: Any) -> None:
    with pytest.raises(ValueError, match="a block of 2 x 2 cells takes as many values"):
        put(engine.book.sheets[-1].range("A1:B2"), rows)


def test_p01_dates_go_by_the_day_count_of_a_workbook_from_1904(plain: Callable[..., tuple[Any, Book]]) -> None:
    book, model = plain(date1904=True)
    place = book.sheets[0].range("A1:A3")
    put(place, [[DAY], [dt.datetime(2026, 3, 1, 6)], [dt.date(1903, 12, 31)]])
    assert [row[0] for row in stored(place)] == [46082 - 1462, 46082.25 - 1462, "1903-12-31"]
    assert place[0].number_format == "yyyy-mm-dd"
    assert cells_of(place)[0][0].replace(tzinfo=None) == dt.datetime(2026, 3, 1)
    assert model.faults == []


def test_p01_dates_go_by_the_day_count_of_a_libreoffice_document_from_1904(tmp_path: Path) -> None:
    if any(mark.name == "skipif" and mark.args[0] for mark in OfficeHost.marks):
        pytest.skip("LibreOffice is not installed")
    office = OfficeEngine(tmp_path)
    try:
        day = office.document.NullDate
        day.Year, day.Month, day.Day = 1904, 1, 1
        office.document.NullDate = day
        cell = office.book.sheets[0].range("A1")
        put(cell, DAY)
        assert office.document.Sheets[0].getCellByPosition(0, 0).Value == 46082 - 1462
        assert cells_of(cell)[0][0] == dt.datetime(2026, 3, 1)
    finally:
        office.close()


def test_p01_an_unknown_kind_of_value_is_refused_by_its_name() -> None:
    with pytest.raises(BadRequest, match=r"a cell cannot hold complex: \(1\+2j\)"):
        host_value(1 + 2j, day_count(date1904=False))


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(), st.datetimes(), st.times(), st.timedeltas(),
    st.decimals(), st.fractions(), st.floats(width=32).map(np.float32), st.integers(-(2**63), 2**63 - 1).map(np.int64), st.booleans().map(np.bool_),
    st.dates().map(np.datetime64), st.sampled_from(["#N/A", "#DIV/0!"]).map(ExcelError),
)  # fmt: skip


@given(SCALARS)
def test_p01_whatever_the_value_only_five_kinds_leave_and_twice_is_once(value: Any) -> None:
    serial = day_count(date1904=False)
    made = host_value(value, serial)
    assert made is None or type(made) in (float, bool, str, ExcelError)
    assert not isinstance(made, float) or math.isfinite(made)
    assert host_value(made, serial) == made
    to_variant(made)  # pywin32 takes it


@given(st.text(min_size=1, max_size=30), st.sampled_from(["General", "@", "0.00"]))
def test_p01_any_text_stays_the_text_it_is_in_excel(text: str, number_format: str) -> None:
    from tests.excel_model.engine import as_book
    from tests.excel_model.ranges import Sheet

    model = Book("Book1")
    model.sheets.append(Sheet(model, "Data"))
    cell = as_book(model).sheets[0].range("A1")
    cell.number_format = number_format
    put(cell, text)
    assert cells_of(cell) == [[text]]
    assert model.sheets[0].formulas == {}


def test_undo_reads_every_decimal_of_a_currency_and_every_error_value(plain: Callable[..., tuple[Any, Book]]) -> None:
    book, model = plain()
    cells = model.sheets[0].cells
    cells[1, 1], cells[2, 1] = 0.123456789, 46082.5
    book.sheets[0].range("A1").number_format = "$#,##0.00"
    book.sheets[0].range("A2").number_format = "yyyy-mm-dd"
    for row, code in ((3, "#N/A"), (4, "#SPILL!"), (5, "#CALC!")):
        cells[row, 1] = entered(code)[0]
    assert stored(book.sheets[0].range("A1:A5")) == [[0.123456789], [46082.5], [ExcelError("#N/A")], [ExcelError("#VALUE!")], [ExcelError("#VALUE!")]]
