"""xlwings' object model over a live LibreOffice: what goes in comes out, as in Excel."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xladdin.errors import BadRequest
from xladdin.hosts.libreoffice.engine import book_of, caller

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def sheet(calc):
    book = book_of(calc.new())
    yield book.sheets[0]
    book.close()


@pytest.mark.parametrize("value", [1.5, "text", "1-30 days", "客户", True, False, None, dt.datetime(2026, 6, 30), dt.datetime(2026, 6, 30, 12, 30), "=not", "00123"])
def test_a_value_comes_out_as_it_went_in(sheet, value):
    sheet["B2"].number_format = "@" if isinstance(value, str) else "General"
    sheet["B2"].value = value
    assert sheet["B2"].value == value
    assert type(sheet["B2"].value) is type(value)


CELL = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, width=32), st.text("ab客'=+-@1 ,;", min_size=1, max_size=8))


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_of_a_text_formatted_range_come_out_as_they_went_in(sheet, rows):
    place = sheet.range((1, 1), (len(rows), 3))
    place.number_format = "@"
    place.options("raw").value = rows
    found = place.options("raw", ndim=2).value
    assert [list(row) for row in found] == rows


def test_a_data_frame_comes_back_equal(sheet):
    frame = pd.DataFrame({"amount": [1.0, 2.5], "due": pd.to_datetime(["2026-01-31", "2026-02-28"]), "name": ["A", "乙"]}).set_index("name")
    sheet["A1"].value = frame
    back = sheet["A1"].options(pd.DataFrame, expand="table").value
    assert back["amount"].tolist() == [1.0, 2.5]
    assert back["due"].tolist() == [dt.datetime(2026, 1, 31), dt.datetime(2026, 2, 28)]
    assert back.index.tolist() == ["A", "乙"]


def test_an_error_value_is_none_or_its_name(sheet):
    sheet["A1"].formula = "=1/0"
    sheet["A2"].formula = "=NA()"
    assert sheet["A1:A2"].options(err_to_str=True).value == ["#DIV/0!", "#N/A"]
    assert sheet["A1"].value is None


@pytest.mark.parametrize(
    "formula",
    ["=SUM(A1:B2,1)", '=IF(A1>0,"a,b;c|d","")', "=SUM({1,2;3,4})", "=SUM(Sheet1!$A$1:$B$2)", '=HYPERLINK("#Sheet1!A1","x")', '=IFERROR(VLOOKUP(A1,$A$1:$B$2,2,FALSE()),"")'],
)
def test_a_formula_is_read_as_excel_writes_it(sheet, formula):
    sheet["D1"].formula = formula
    assert sheet["D1"].formula == formula


def test_a_formula_written_into_a_range_moves_its_references(sheet):
    sheet["A1:A3"].value = [[1], [2], [3]]
    sheet["B1:B3"].formula = "=A1*2"
    assert sheet["B1:B3"].value == [2, 4, 6]


def test_formats_come_out_as_they_went_in(sheet):
    place = sheet["A1:B2"]
    place.color = (255, 249, 219)
    place.font.bold, place.font.color, place.font.size = True, (5, 99, 193), 14
    place.number_format = "#,##0.00;[Red]-#,##0.00;–"
    place.column_width = 20
    place.wrap_text = True
    assert (place.color, place.font.bold, place.font.color, place.font.size) == ((255, 249, 219), True, (5, 99, 193), 14)
    assert place.number_format == "#,##0.00;[Red]-#,##0.00;–"
    assert place.column_width == pytest.approx(20, abs=0.1)
    assert place.wrap_text is True
    place.clear()
    assert (place.color, place.font.bold) == (None, False)


def test_clear_contents_keeps_the_formats(sheet):
    sheet["A1"].value, sheet["A1"].color = 5, (1, 2, 3)
    sheet["A1"].clear_contents()
    assert (sheet["A1"].value, sheet["A1"].color) == (None, (1, 2, 3))


def test_used_range_and_expand_find_what_is_filled(sheet):
    sheet["B2"].value = [[1, 2], [3, 4], [5, 6]]
    assert sheet["B2"].expand().address == "$B$2:$C$4"
    assert sheet.used_range.last_cell.address == "$C$4"


def test_rows_are_inserted_and_deleted(sheet):
    sheet["A1"].value = [[1], [2]]
    sheet["1:1"].insert("down")
    assert sheet["A1:A3"].value == [None, 1, 2]
    sheet["1:1"].delete("up")
    assert sheet["A1:A2"].value == [1, 2]


def test_a_name_means_its_range_on_any_sheet(sheet):
    other = sheet.book.sheets.add("My data")
    sheet.book.names.add("limits", "='My data'!$A$1:$B$2")
    assert sheet.book.names["limits"].refers_to == "='My data'!$A$1:$B$2"
    assert sheet.book.names["limits"].refers_to_range.sheet == other
    with pytest.raises(BadRequest, match="already is a name"):
        sheet.book.names.add("limits", "=1")


def test_a_table_is_made_resized_and_found_by_name(sheet):
    sheet["A1"].value = [["Key", "Value"], ["a", 1], ["b", 2]]
    table = sheet.tables.add(source=sheet["A1:B3"], name="Pairs")
    table.resize(sheet["A1:B5"])
    assert sheet.tables["Pairs"].range.address == "$A$1:$B$5"
    assert sheet["Pairs[Value]"].address == "$B$2:$B$5"
    with pytest.raises(BadRequest, match="keeps its first row"):
        table.resize(sheet["A3:B5"])


def test_the_caller_of_a_button_is_its_document(calc):
    import xlwings as xw

    document = calc.new()
    with caller(document) as book:
        assert xw.Book.caller().sheets[0].name == book.sheets[0].name
    assert not document.hasControllersLocked()
    document.close(True)


def test_what_is_missing_says_so_by_name(sheet):
    with pytest.raises(NotImplementedError, match=r"Sheet\.pictures is not available in LibreOffice"):
        _ = sheet.impl.pictures


def test_an_xlsm_is_not_saved_through_libreoffice(sheet, tmp_path):
    with pytest.raises(BadRequest, match="would lose its ribbon"):
        sheet.book.save(tmp_path / "Credit.xlsm")
