"""What the stand-in for Excel refuses and what it does by itself: each as Excel or pywin32 does it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.excel_model.books import Book
from tests.excel_model.variants import ComError, TimeType

Plain = Callable[..., tuple[Any, Book]]


def raw(page: Any, address: str, value: Any) -> Any:
    """Write past the product's own function, as it did before there was one."""
    page.range(address).options("raw").value = value
    return page.range(address).options("raw").value


@pytest.fixture
def page(plain: Plain) -> tuple[Any, Book]:
    book, model = plain()
    return book.sheets[0], model


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (dt.date(2026, 3, 1), "must be a pywintypes time object"),
        (np.datetime64("2026-03-01"), "must be a string or a real number"),
        (2**64, "int too big to convert"),
        (object(), "can not be converted to a COM VARIANT"),
    ],
)
def test_what_pywin32_refuses_is_refused(page: tuple[Any, Book], value: Any, said: str) -> None:
    with pytest.raises((TypeError, OverflowError), match=said):
        raw(page[0], "A1:A2", [[value], [1]])


def test_a_text_longer_than_a_cell_is_refused_as_excel_does(page: tuple[Any, Book]) -> None:
    with pytest.raises(ComError) as caught:
        raw(page[0], "A1", [["x" * 32_768]])
    assert caught.value.excepinfo[5] == -2146827284


@pytest.mark.parametrize(("value", "fault"), [(math.nan, "65535"), (math.inf, "65535"), (Decimal("1.23456"), "currency")])
def test_what_excel_takes_and_shows_as_something_else_is_a_fault(page: tuple[Any, Book], value: Any, fault: str) -> None:
    raw(page[0], "A1", [[value]])
    assert fault in page[1].end()[0]


@pytest.mark.parametrize("rows", [[[1]], [[1, 2, 3]], [[1, 2], [3, 4], [5, 6]]])
def test_an_array_of_another_shape_is_a_fault(page: tuple[Any, Book], rows: Any) -> None:
    raw(page[0], "A1:B2", rows)
    assert "values" in page[1].end()[0]


def test_rows_of_different_length_are_refused(page: tuple[Any, Book]) -> None:
    with pytest.raises(ComError):
        page[0].range("A1:B2").impl.raw_value = [[1, 2], [3]]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("007", 7.0), ("1-30", TimeType), ("2026-01-31", TimeType), ("May 2026", TimeType), ("50%", 0.5), ("true", True), ("#N/A", -2146826246), ("'007", "007"),
        ("=1+1", 0.0), ("-abc", -2146826259), ("1-30 days", "1-30 days"), ("abc", "abc"), ("", None),
    ],
)  # fmt: skip
def test_a_text_is_read_as_if_it_was_typed(page: tuple[Any, Book], text: str, read: Any) -> None:
    got = raw(page[0], "A1", [[text]])
    assert isinstance(got, read) if isinstance(read, type) else got == read


def test_the_text_format_keeps_texts_and_makes_texts_of_numbers(page: tuple[Any, Book]) -> None:
    page[0].range("A1:A3").number_format = "@"
    assert raw(page[0], "A1:A3", [["007"], ["=1+1"], [7]]) == (("007",), ("=1+1",), ("7",))
    assert "became a text" in page[1].end()[0]


def test_a_mixed_format_is_nothing(page: tuple[Any, Book]) -> None:
    page[0].range("A1").number_format = "@"
    assert page[0].range("A1:A2").number_format is None
    assert page[0].range("A1").number_format == "@"


def test_a_table_keeps_its_header_row_and_overlaps_no_other(page: tuple[Any, Book]) -> None:
    sheet = page[0]
    sheet.range("A1:B1").options("raw").value = [["One", "Two"]]
    table = sheet.tables.add(source=sheet.range("A1:B3"), name="First", has_headers=True)
    sheet.tables.add(source=sheet.range("D1:E3"), name="Second", has_headers=True)
    for address in ("A2:B4", "A1:D3", "A1:B1"):
        with pytest.raises(ComError):
            table.resize(sheet.range(address))
    table.resize(sheet.range("A1:B9"))
    assert table.range.address == "$A$1:$B$9"
    assert any("rename headers" in text for text in page[1].end()), "D1:E1 are blank"


def test_what_the_model_lacks_raises_and_is_never_ignored(page: tuple[Any, Book]) -> None:
    with pytest.raises(ComError, match="Member not found"):
        page[0].range("A1").api.Orientation = 90
    with pytest.raises(ComError, match="Member not found"):
        page[0].range("A1").api.AutoFilter()


def test_heights_and_widths_have_excel_s_limits(page: tuple[Any, Book]) -> None:
    with pytest.raises(ComError):
        page[0].range("A1").row_height = 410
    with pytest.raises(ComError):
        page[0].range("A1").column_width = 256
