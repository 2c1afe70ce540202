"""Cells become typed tables; what cannot be read becomes a finding."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import book_of, raw
from workbook.book import RawTable, read_book, read_table
from workbook.messages import M, say
from workbook.problems import LISTED, Problems
from workbook.schema import CUSTOMERS, LEDGER, Field
from workbook.tables import TABLES
from workbook.units import decimal_column, units_column
from xladdin.cells import ExcelError, date_from_serial, serial_from_date
from xladdin.errors import BadRequest


def read_one(kind, cells, choices=()):
    """Read one column of a kind; returns values, and (row, severity, message) of each finding."""
    field = Field("Value", "Value", "值", kind, "", "", choices=choices)
    table = type(LEDGER)("t", "T", "表", "", "", (Field("k", "Key", "键", "text", "", ""), field))
    typed, findings = read_table(table, ["Key", "Value"], [["k"] * len(cells), cells], 2)
    return typed["Value"].to_pylist(), [(f.row, f.severity, f.message) for f in findings]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", "  007 ", "007"),
        ("text", "1-30", "1-30"),
        ("text", "=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("text", 1930571429.0, "1930571429"),
        ("text", 10.5, "10.5"),
        ("text", True, "TRUE"),
        ("text", "\u3000上海贸易\u3000", "上海贸易"),
        ("text", "", None),
        ("text", "   ", None),
        ("date", 46053.0, dt.date(2026, 1, 31)),
        ("date", 46053.75, dt.date(2026, 1, 31)),
        ("date", 59, dt.date(1900, 2, 28)),
        ("date", 61.0, dt.date(1900, 3, 1)),
        ("date", 1, dt.date(1900, 1, 1)),
        ("date", dt.datetime(2026, 1, 31, 23, 59), dt.date(2026, 1, 31)),
        ("date", dt.date(1960, 5, 4), dt.date(1960, 5, 4)),
        ("date", " ", None),
        ("amount", 1.005, Decimal("1.0050")),
        ("amount", 0.1 + 0.2, Decimal("0.3000")),
        ("amount", -1234.56, Decimal("-1234.5600")),
        ("amount", 12345678901234.56, Decimal("12345678901234.5600")),
        ("amount", 99_999_999_999_999, Decimal("99999999999999.0000")),
        ("amount", None, None),
        ("rate", 0.0005, 0.0005),
        ("integer", 3.0, 3),
        ("flag", True, True),
        ("flag", "Yes", True),
        ("flag", "否", False),
        ("flag", 0.0, False),
        ("choice", "CREDIT  NOTE", "credit note"),
        ("choice", "发票", "invoice"),
    ],
)
def test_a_cell_is_read_as_its_kind_without_a_finding(kind, cell, value):
    choices = ("invoice", "credit note") if kind == "choice" else ()
    assert read_one(kind, [cell], choices) == ([value], [])
    assert read_one(kind, [cell, None, cell], choices) == ([value, None, value], [])


@pytest.mark.parametrize(
    ("kind", "cell", "severity", "message"),
    [
        ("amount", "1,234.50", "error", 'Value must be a number; got the text "1,234.50". Type it again as a number without separators, such as 1234.5.'),
        ("rate", "3%", "error", 'Value must be a number; got the text "3%". Type it again as a number without separators, such as 0.05.'),
        ("amount", True, "error", "Value must be a number; got TRUE."),
        ("amount", dt.datetime(2026, 1, 31), "error", "Value must be a number; got the date 2026-01-31."),
        ("amount", float("nan"), "error", "Value is not a finite number (NaN)."),
        ("number", float("inf"), "error", "Value is not a finite number (infinity)."),
        ("amount", float("-inf"), "error", "Value is not a finite number (-infinity)."),
        ("amount", 1e14, "error", "Value has more than 14 digits before the decimal point: 100000000000000."),
        ("amount", 7.12345, "warning", "Value has more than four decimals: 7.12345 was rounded to 7.1235."),
        ("integer", 1.5, "error", "Value must be a whole number; got 1.5."),
        ("date", "31/02/2026", "error", 'Value names a day that does not exist: "31/02/2026".'),
        ("date", "2026-02-31", "error", 'Value names a day that does not exist: "2026-02-31".'),
        ("date", "31/01/2026", "error", 'Value must be a date; got the text "31/01/2026". Type it as a date, or as text like 2026-01-31.'),
        ("date", "soon", "error", 'Value must be a date; got the text "soon". Type it as a date, or as text like 2026-01-31.'),
        ("date", "2026-01-31", "warning", 'Value is a text; "2026-01-31" was read as the date 2026-01-31.'),
        ("date", 60.0, "error", "Value must be a date from 1900-01-01 to 9999-12-31; got 60."),
        ("date", 0.0, "error", "Value must be a date from 1900-01-01 to 9999-12-31; got 0."),
        ("date", 2_958_466.0, "error", "Value must be a date from 1900-01-01 to 9999-12-31; got 2958466."),
        ("date", dt.date(1899, 12, 31), "error", "Value must be a date from 1900-01-01 to 9999-12-31; got 1899-12-31."),
        ("flag", "maybe", "error", 'Value must be yes or no; got "maybe".'),
        ("choice", "bill", "error", 'Value must be one of invoice, credit note; got "bill".'),
        *((kind, ExcelError("#N/A"), "error", "Value holds the error #N/A; correct the formula.") for kind in ("text", "date", "amount", "number", "integer", "flag", "choice")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_null_and_told_at_its_row(kind, cell, severity, message):
    choices = ("invoice", "credit note") if kind == "choice" else ()
    values, findings = read_one(kind, [None, cell], choices)
    assert findings == [(3, severity, message)]
    assert (values[1] is None) == (severity == "error")


def test_every_sentence_exists_in_both_languages_with_the_same_placeholders():
    import string

    for code, message in M.items():
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (message.en, message.zh)]
        assert places[0] == places[1], code
        assert say(code, "zh", **dict.fromkeys(places[0], "x")) != say(code, "en", **dict.fromkeys(places[0], "x"))


@given(st.decimals(min_value=Decimal("-99999999999.9999"), max_value=Decimal("99999999999.9999"), places=4))
def test_an_amount_of_up_to_four_decimals_is_read_exactly(amount):
    values, findings = read_one("amount", [float(amount)])
    assert values == [amount]
    assert findings == []


@given(st.floats(min_value=-9e13, max_value=9e13))
def test_an_amount_is_the_half_up_rounding_of_what_a_cell_shows(number):
    values, _ = read_one("amount", [number])
    quantum = Decimal("0.0001")
    shortest, shown = (Decimal(text).quantize(quantum, rounding=ROUND_HALF_UP) for text in (repr(number), f"{number:.15g}"))
    assert values[0] in (shortest, shown)


@given(st.dates(min_value=dt.date(1900, 1, 1)))
def test_a_date_comes_back_from_its_serial_number_its_text_and_itself(day):
    serial = serial_from_date(day)
    assert date_from_serial(serial) == day
    for cell in (float(serial), serial, day, dt.datetime(day.year, day.month, day.day, 12), day.isoformat()):
        assert read_one("date", [cell])[0] == [day]
    assert read_one("date", [dt.datetime(day.year, day.month, day.day), None])[0] == [day, None]


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(-(10**20), 10**20), st.booleans(), st.text(), st.datetimes(), st.sampled_from([ExcelError("#REF!")])), max_size=8))  # fmt: skip
def test_no_cell_makes_the_reader_fail(cells):
    for field in (*LEDGER.fields, *TABLES["policies"].fields):
        typed, findings = read_table(type(LEDGER)("t", "T", "表", "", "", (field,)), [field.key], [cells], 2)
        assert typed.num_rows <= len(cells)
        assert all(finding.message for finding in findings)


@given(st.lists(st.integers(-(10**17), 10**17), min_size=1), st.integers(0, 3))
def test_units_and_decimals_are_the_same_money(units, offset):
    null = np.zeros(len(units), dtype=bool)
    null[-1] = True
    column = decimal_column(np.array(units, dtype=np.int64), null)
    assert column.to_pylist()[:-1] == [Decimal(one).scaleb(-4) for one in units[:-1]]
    back, gone = units_column(column.slice(min(offset, len(units) - 1)))
    assert gone[-1]
    assert back[:-1].tolist() == units[min(offset, len(units) - 1) : -1]


# ---- tables


def test_headers_are_known_by_key_english_and_chinese_whatever_their_case_and_spaces():
    typed, findings = read_table(CUSTOMERS, ["CUSTOMER_ID", " credit\nLimit", "中文名称"], [["C1"], [5.0], ["甲"]], 2)
    assert typed.select(["customer_id", "credit_limit", "name_zh", "row"]).to_pylist() == [
        {"customer_id": "C1", "credit_limit": Decimal(5), "name_zh": "甲", "row": 2}
    ]
    assert findings == []


def test_no_header_of_a_table_means_two_of_its_columns():
    from workbook.headers import plain

    for table in TABLES.values():
        seen = {}
        for field in table.fields:
            for name in {plain(field.key), plain(field.en), plain(field.zh)}:
                assert seen.setdefault(name, field.key) == field.key, (table.key, name)


def test_two_columns_for_one_field_are_refused_with_both_names():
    with pytest.raises(BadRequest) as error:
        read_table(LEDGER, ["Amount", "金额"], [[1.0], [2.0]], 2)
    assert str(error.value) == 'table Ledger: the columns "Amount" and "金额" both are Amount (amount); rename or delete one of them'


def test_an_unknown_column_is_a_note_and_a_missing_one_an_error():
    _, findings = read_table(CUSTOMERS, ["Name", "Our rating"], [["A"], ["x"]], 2)
    assert [(f.column, f.severity, f.message) for f in findings] == [
        ("Our rating", "note", 'The column "Our rating" is not one of ours; no report uses it.'),
        ("customer_id", "error", "The table Customers has no column Customer."),
    ]


def test_blank_rows_are_no_rows_and_keep_the_numbers_of_the_others():
    typed, findings = read_table(CUSTOMERS, ["Customer", "Name", "Own"], [["C1", None, " ", "C2"], ["A", None, "", "B"], ["", "x", "", ""]], 5)
    assert typed["row"].to_pylist() == [5, 8]
    assert [f.message for f in findings] == ['The column "Own" is not one of ours; no report uses it.']


def test_every_table_is_there_even_when_the_workbook_has_none():
    book = read_book({}, {})
    assert list(book.tables) == list(TABLES)
    assert all(table.num_rows == 0 for table in book.tables.values())
    assert book.table("ledger").schema.field("usable").type == pa.bool_()
    assert [(f.source, f.severity, f.message) for f in book.findings] == [("Ledger", "warning", "The table Ledger has no rows.")]


def test_tables_are_found_by_name_or_key_and_others_left_alone():
    cells = RawTable(["Customer"], [["C1"]])
    assert read_book({"CUSTOMERS": cells, "Pivot3": RawTable(["x"], [[1]])}, {}).table("customers").num_rows == 1


def test_findings_speak_the_language_of_the_settings():
    book = book_of([{"document_no": "A1", "amount": "1,2", "document_date": "2026-02-30"}], {"language": "zh"})
    assert [f.message for f in book.findings] == [
        "“单据日期”的日期不存在：“2026-02-30”。",
        "“金额”须为数字，但内容是文本“1,2”。请重新输入不带分隔符的数字，例如 1234.5。",
    ]


def test_findings_stand_by_table_and_row():
    book = book_of([{"document_no": f"A{n}", "amount": "x" if n % 2 else 1.0, "promise_date": "x"} for n in range(6)])
    assert [f.row for f in book.findings] == sorted(f.row for f in book.findings)


def test_very_many_alike_become_one_line_with_their_count():
    problems = Problems()
    for row in range(LISTED + 250):
        problems.add("not_whole", "Ledger", row + 2, "instalment", 1.5)
    findings = problems.finish()
    assert len(findings) == LISTED + 1
    assert findings[-1].message == "250 more rows have the same problem: Instalment must be a whole number; got 1.5."


def test_columns_of_numpy_are_cells_too():
    typed, findings = read_table(CUSTOMERS, ["Customer", "Cash"], [np.array(["C1", "C2"], dtype=object), np.array([1.5, 2.0])], 2)
    assert (typed["cash"].to_pylist(), findings) == ([Decimal("1.5"), Decimal(2)], [])


def test_a_setting_that_does_not_exist_is_refused():
    with pytest.raises(BadRequest, match="there is no setting colour"):
        read_book({"ledger": raw("ledger", [])}, {"colour": "red"})
