"""Values in and out: every kind, in blocks, read again by this engine, by calamine and by openpyxl."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.file import sample
from xladdin.cells import ERROR_CODES, ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.file import check_file, open_book, xml

CASES = [
    ("a whole number", 5, 5.0),
    ("a fraction", 0.1, 0.1),
    ("a large number", 1.7976931348623157e308, 1.7976931348623157e308),
    ("a small number", 5e-324, 5e-324),
    ("a negative zero", -0.0, 0.0),
    ("more digits than Excel shows", 123456789.12345679, 123456789.12345679),
    ("a text", "Müller & Söhne <GmbH> \"客户\" 'x'", "Müller & Söhne <GmbH> \"客户\" 'x'"),
    ("spaces at the ends", "  a  ", "  a  "),
    ("line ends", "a\nb\tc", "a\nb\tc"),
    ("a carriage return", "a\r\nb", "a\r\nb"),
    ("a control character", "a\x01b", "a\x01b"),
    ("what looks like an escape", "_x0041_ & &amp; &#65;", "_x0041_ & &amp; &#65;"),
    ("an emoji", "ok 👍", "ok 👍"),
    ("true", True, True),
    ("false", False, False),
    ("nothing", None, None),
    ("not a number", float("nan"), None),
    ("no time", pd.NaT, None),
    ("no value", pd.NA, None),
    ("an empty text", "", None),
    ("a day", dt.date(2024, 2, 29), dt.datetime(2024, 2, 29)),
    ("a moment", dt.datetime(2024, 2, 29, 12, 34, 56), dt.datetime(2024, 2, 29, 12, 34, 56)),
    ("the first day", dt.date(1900, 1, 1), dt.datetime(1900, 1, 1)),
    ("the day before the quirk", dt.date(1900, 2, 28), dt.datetime(1900, 2, 28)),
    ("the day after the quirk", dt.date(1900, 3, 1), dt.datetime(1900, 3, 1)),
    ("the last day", dt.date(9999, 12, 31), dt.datetime(9999, 12, 31)),
    ("a timestamp", pd.Timestamp("2024-05-06 07:08:09"), dt.datetime(2024, 5, 6, 7, 8, 9)),
    ("a time of day", dt.time(6, 30), dt.datetime(1899, 12, 30, 6, 30)),
    ("a duration is a number of days", dt.timedelta(hours=36), 1.5),
    ("a decimal", Decimal("12.34"), 12.34),
    ("a numpy number", np.int64(7), 7.0),
    ("a text that looks like a number", "007", "007"),
    ("a text that looks like a date", "1-30", "1-30"),
    ("a text that looks like an error", "#N/A", "#N/A"),
    ("a text behind an apostrophe", "'=1+1", "=1+1"),
]


@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
@pytest.mark.parametrize("how", ["value", "raw", "saved"])
def test_a_value_comes_back(book, value, expected, how):
    cell = book.sheets["Control"]["K30"]
    if how == "raw":
        cell.resize(1, 2).options("raw").value = [[value, 1]]
    else:
        cell.value = value
    if how == "saved":
        book.save()
    assert cell.value == expected
    assert type(cell.value) is type(expected)


@pytest.mark.parametrize("code", ERROR_CODES)
def test_an_error_is_no_text_and_no_blank(book, code):
    cell = book.sheets["Control"]["K30"]
    cell.value = ExcelError(code)
    book.save()
    assert cell.value is None
    assert cell.options(err_to_str=True).value == code
    assert isinstance(cell.options("raw").value, ExcelError)
    cell.value = code
    assert cell.value == code
    assert not isinstance(cell.options("raw").value, ExcelError)


def test_errors_in_the_file_are_told_apart_from_texts_and_blanks(book):
    assert book.sheets["Control"]["A9"].options("raw").value == ExcelError("#N/A")
    assert isinstance(book.sheets["Control"]["A9"].options("raw").value, ExcelError)


def test_infinity_is_the_error_num(book):
    cell = book.sheets["Control"]["K30"]
    cell.value = math.inf
    assert cell.options(err_to_str=True).value == "#NUM!"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 32_768, "a cell holds at most 32,767 characters; got 32,768"),
        (dt.date(1899, 12, 31), "1899-12-31 is before 1900-01-01"),
        (object, "a cell cannot hold type"),
        (1 + 2j, "a cell cannot hold complex"),
    ],
)
def test_what_no_cell_can_hold_is_refused(book, value, text):
    with pytest.raises(BadRequest, match=text):
        book.sheets["Control"]["K30"].value = value


def test_a_frame_goes_in_and_comes_out(book):
    frame = pd.DataFrame({
        "name": ["a", None, "c"], "amount": [1.5, float("nan"), 3], "day": pd.to_datetime(["2024-01-01", None, "2024-01-03"]), "ok": [True, False, True],
    })  # fmt: skip
    anchor = book.sheets["Control"]["K30"]
    anchor.options(index=False).value = frame
    book.save()
    found = anchor.resize(4, 4).options(pd.DataFrame, index=False).value
    assert found["name"].tolist() == ["a", None, "c"] or pd.isna(found["name"][1])
    assert found["amount"].tolist()[::2] == [1.5, 3.0]
    assert pd.isna(found["amount"][1])
    assert found["day"].tolist()[::2] == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-03")]
    assert found["ok"].tolist() == [True, False, True]


def test_xlwings_conversions_work(book):
    sheet = book.sheets["Control"]
    sheet["K30"].value = [[1, 2, 3], [4, 5, 6]]
    assert sheet["K30:M31"].options(transpose=True).value == [[1, 4], [2, 5], [3, 6]]
    assert sheet["K30:M31"].options(np.array).value.sum() == 21
    assert sheet["K30:M31"].options(numbers=int).value == [[1, 2, 3], [4, 5, 6]]
    assert sheet["K30"].expand().address == "$K$30:$M$31"
    assert sheet["K30"].options(ndim=2).value == [[1]]
    assert sheet["K30:K31"].value == [1, 4]
    assert sheet["K30:L31"].options(dict).value == {1: 2, 4: 5}
    sheet["K40"].options(transpose=True).value = [1, 2, 3]
    assert sheet["K40:K42"].value == [1, 2, 3]
    sheet["K50"].value = dt.date(2024, 1, 2)
    assert sheet["K50"].options(dates=dt.date).value == dt.date(2024, 1, 2)
    assert sheet["K60"].options(empty="none").value == "none"


def test_a_scalar_fills_a_range_and_a_formula_moves_along(book):
    sheet = book.sheets["Control"]
    sheet["K30:L32"].value = 7
    assert sheet["K30:L32"].value == [[7, 7]] * 3
    sheet["M30:N31"].value = "=K30+$K$30"
    assert sheet["M30:N31"].formula == (("=K30+$K$30", "=L30+$K$30"), ("=K31+$K$30", "=L31+$K$30"))
    assert sheet["M30"].value is None  # Excel has not calculated yet


def test_a_range_of_another_shape_is_refused(book):
    with pytest.raises(BadRequest, match=r"\$K\$30:\$L\$31 has 2 x 2 cells; got 1 x 3 values"):
        book.sheets["Control"]["K30:L31"].options("raw").value = [[1, 2, 3]]


def test_a_date_keeps_the_format_the_cell_has(book):
    sheet = book.sheets["Control"]
    sheet["B3"].number_format = "dd.mm.yy"
    sheet["B3"].value = dt.date(2025, 1, 1)
    assert sheet["B3"].number_format == "dd.mm.yy"
    sheet["K30"].value = dt.date(2025, 1, 1)
    assert sheet["K30"].number_format == "yyyy-mm-dd"


def test_a_formula_in_a_text_cell_is_a_text_as_in_excel(book):
    sheet = book.sheets["Control"]
    sheet["K30:K31"].number_format = "@"
    sheet["K30:K31"].options(transpose=True).value = ["=1+1", "'quoted"]
    book.save()
    assert sheet["K30:K31"].value == ["=1+1", "'quoted"]
    assert sheet["K30"].formula == "=1+1"
    assert b"<f>" not in sample.parts(book.impl.workbook.path)["xl/worksheets/sheet1.xml"].split(b'r="K30"')[1][:40]


def test_a_new_value_takes_the_apostrophe_away(book):
    cell = book.sheets["Control"]["K30"]
    cell.value = "'=x"
    styles, part = book.impl.workbook.styles, book.sheets["Control"].impl
    assert styles.quoted(part.style_index(30, 11))
    cell.value = 5
    assert not styles.quoted(part.style_index(30, 11))


def test_a_block_takes_columns_of_every_kind_and_texts_are_data(book, path):
    sheet = book.sheets.add("Block")
    style = book.sheets["Ledger items"].impl.style_index(5, 4)
    columns = [
        [1, None, 3.5],
        np.array([1.0, np.nan, 2.0]),
        pd.Series(["a", None, "=b"]),
        pa.array(["+x", "-y", "@z"]).dictionary_encode(),
        pa.chunked_array([[dt.date(2024, 1, 1)], [None, dt.date(2024, 1, 3)]]),
        np.array(["2024-01-01", "NaT", "2024-01-03T12:00"], "datetime64[s]"),
        pa.array([Decimal("1.25"), None, Decimal("2.50")]),
        [True, None, False],
        ["=1+1", ExcelError("#N/A"), 3],
    ]
    sheet.impl.set_block(2, 1, columns, [style, *[None] * 8])
    book.save()
    day = dt.datetime
    assert sheet.impl.read_block(2, 1, 4, 9) == [
        [1, None, 3.5], [1, None, 2], ["a", None, "=b"], ["+x", "-y", "@z"], [day(2024, 1, 1), None, day(2024, 1, 3)],
        [day(2024, 1, 1), None, day(2024, 1, 3, 12)], [1.25, None, 2.5], [True, None, False], ["=1+1", ExcelError("#N/A"), 3],
    ]  # fmt: skip
    assert sheet["A2:A4"].number_format == "#,##0.00"
    assert b"<f>" not in sample.parts(path)["xl/worksheets/sheet4.xml"]
    assert book.impl.workbook.styles.quoted(sheet.impl.style_index(2, 4))
    assert check_file(path) == []


def test_columns_of_different_length_are_refused(book):
    with pytest.raises(BadRequest, match=r"must have one length; got \[1, 2\]"):
        book.sheets["Control"].impl.set_block(1, 1, [[1], [1, 2]])


def test_a_block_over_the_edge_is_refused(book):
    with pytest.raises(BadRequest, match="do not fit a sheet of 1,048,576 rows"):
        book.sheets["Control"].impl.set_block(1_048_576, 1, [[1, 2]])


def test_dates_of_the_1904_system(tmp_path):
    path = tmp_path / "mac.xlsx"
    writer = xlsxwriter.Workbook(path, {"date_1904": True})
    writer.add_worksheet().write_datetime(0, 0, dt.datetime(2024, 1, 2), writer.add_format({"num_format": "yyyy-mm-dd"}))
    writer.close()
    book = open_book(path)
    cell = book.sheets[0]["A1"]
    assert cell.value == dt.datetime(2024, 1, 2)
    cell.offset(1).value = dt.datetime(2024, 1, 2, 6)
    book.save()
    assert cell.offset(1).value == dt.datetime(2024, 1, 2, 6)
    assert openpyxl.load_workbook(path).active["A2"].value == dt.datetime(2024, 1, 2, 6)
    book.close()


def test_serials_that_are_no_day_stay_numbers(book):
    sheet = book.sheets["Control"]
    sheet["K30:K34"].number_format = "yyyy-mm-dd"
    sheet["K30"].options(transpose=True).value = [60, -1, 2_958_466, 59, 61]
    assert sheet["K30:K34"].value == [60, -1, 2_958_466, dt.datetime(1900, 2, 28), dt.datetime(1900, 3, 1)]


@pytest.mark.parametrize(
    ("code", "dated"),
    [
        ("yyyy-mm-dd", True), ("h:mm", True), ("[h]:mm", False), ("[$-409]d-mmm;@", True), ("0.00", False), ('"day" 0', False), ("General", False),
        ("#,##0 [Red]", False), ("mm:ss.0", True), ("@", False), ("0.00E+00", False), ("yyyy\\年m\\月", True),
    ],
)  # fmt: skip
def test_which_formats_show_dates(book, code, dated):
    cell = book.sheets["Control"]["K30"]
    cell.number_format = code
    cell.value = 45000
    assert isinstance(cell.value, dt.datetime) is dated


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**53), 2**53), TEXTS,
    st.sampled_from(ERROR_CODES).map(ExcelError), st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 30)).map(lambda moment: moment.replace(microsecond=0)),
)  # fmt: skip
BLOCKS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=6))


def expected(value):
    if isinstance(value, ExcelError):
        return value
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if value == "" and isinstance(value, str):
        return None
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.filterwarnings("ignore:.*will be removed")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(block=BLOCKS, row=st.integers(1, 600), column=st.integers(1, 30))
def test_any_block_comes_back_and_other_readers_agree(original, tmp_path, block, row, column):
    path = tmp_path / "Random.xlsm"
    path.write_bytes(original.read_bytes())
    book = open_book(path)
    sheet = book.sheets.add("Random", after=book.sheets[-1])
    sheet.impl.set_block(row, column, [list(values) for values in zip(*block, strict=True)])
    wanted = [[expected(value) for value in values] for values in block]
    target = sheet[row - 1 : row - 1 + len(block), column - 1 : column - 1 + len(block[0])]
    for _ in ("before saving", "after saving"):
        found = target.options("raw", ndim=2).value
        found = found if isinstance(found, list) else [[found]]
        assert [[(type(value), value) for value in values] for values in found] == [[(type(value), value) for value in values] for values in wanted]
        book.save()
    book.close()
    assert check_file(path) == []
    by_calamine = python_calamine.load_workbook(str(path)).get_sheet_by_name("Random").to_python(skip_empty_area=False)
    by_openpyxl = openpyxl.load_workbook(path)["Random"]
    for i, values in enumerate(wanted):
        for j, value in enumerate(values):
            cell = by_openpyxl.cell(row + i, column + j)
            same = str(value) if isinstance(value, ExcelError) else value
            if isinstance(value, str) and not isinstance(value, ExcelError):
                assert plain(value) in (plain(cell.value), plain(xml.unescape_text(cell.value)))
                other = by_calamine[row + i - 1][column + j - 1]
                assert plain(value) in (plain(other), plain(xml.unescape_text(other)))
            elif isinstance(value, float):
                assert cell.value == value
                assert by_calamine[row + i - 1][column + j - 1] == value
            elif not isinstance(value, dt.datetime):
                assert cell.value == same


def plain(text):
    """Leave out what other readers read differently: control characters (some keep _x001F_) and spaces at the ends."""
    return "".join(sign for sign in text if sign.isprintable() or sign == " ").strip()


EDITS = st.lists(
    st.tuples(st.sampled_from(["write", "clear", "contents", "bold"]), st.integers(1, 20), st.integers(1, 8), st.integers(1, 5), st.integers(1, 3)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, save_at=st.integers(0, 8))
def test_edits_in_any_order_act_like_edits_of_a_plain_grid(original, tmp_path, edits, save_at):
    path = tmp_path / "Edits.xlsm"
    path.write_bytes(original.read_bytes())
    book = open_book(path)
    sheet = book.sheets["Control"]
    grid = {(row, column): value for row, values in enumerate(sheet["A1:K30"].value, 1) for column, value in enumerate(values, 1)}
    for number, (what, row, column, height, width) in enumerate(edits):
        target = sheet[row - 1 : row - 1 + height, column - 1 : column - 1 + width]
        if what == "write":
            target.value = number
        elif what == "clear":
            target.clear()
        elif what == "contents":
            target.clear_contents()
        else:
            target.font.bold = True
            assert target.font.bold
        if what != "bold":
            value = float(number) if what == "write" else None
            grid.update({(r, c): value for r in range(row, row + height) for c in range(column, column + width)})
        if number == save_at:
            book.save()
    for _ in ("before saving", "after saving"):
        found = {(row, column): value for row, values in enumerate(sheet["A1:K30"].value, 1) for column, value in enumerate(values, 1)}
        # a date format may have been cleared from B3: compare the day as the number it is
        differing = {key for key in grid if grid[key] != found[key] and key != (3, 2)}
        assert not differing
        book.save()
    book.close()
    assert check_file(path) == []
