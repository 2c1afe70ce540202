"""Points 10, 19 and 23: percentages, spoilt numbers of documents and customers, columns of one name, and what a file does not have."""

from __future__ import annotations

import pytest
import xlsxwriter

from workbook.book import RawTable, read_book
from workbook.importing.cell_formats import shown
from workbook.importing.date_formats import read_dates
from workbook.importing.number_formats import currency_in, parse
from workbook.importing.options import ImportOptions
from workbook.importing.plan import make_plan
from workbook.importing.spoilt import clean
from xladdin.errors import BadRequest

HEAD = ["Invoice no", "Customer id", "Invoice date", "Due date", "Currency", "Amount", "Type"]
LINE = ["I1", "C1", "2026-01-05", "2026-02-04", "CNY", "100.00", "invoice"]


def plan_of(folder, rows, header=HEAD, customers=(), **options):
    path = folder / "items.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n", "utf-8")
    return make_plan(path, "Ledger", ImportOptions(**options), customers=RawTable(["Customer"], [list(customers)], 4))


def refused(folder, rows, header=HEAD, **options):
    with pytest.raises(BadRequest) as error:
        plan_of(folder, rows, header, **options)
    return str(error.value)


def row(**changed):
    return [changed.get(name.replace(" ", "_"), value) for name, value in zip(HEAD, LINE, strict=True)]


def sheet(folder, rows, header=HEAD):
    """Write an Excel file; a cell (number, format) is a number in that format."""
    path = folder / "items.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Items")
        page.write_row(0, 0, header)
        for number, cells in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    page.write_number(number, place, cell[0], book.add_format({"num_format": cell[1]}))
                else:
                    page.write(number, place, float(cell) if header[place] == "Amount" else cell)
    return make_plan(path, "Ledger", ImportOptions())


# ---- numbers of documents and customers


@pytest.mark.parametrize("text", ["2.02601E+11", "2,02601E+11", "1E+15", "1.23e+08", "-1.2E+10"])
@pytest.mark.parametrize("column", ["Invoice_no", "Customer_id"])
def test_p19_numbers_in_scientific_notation_are_refused(tmp_path, text, column):
    cell = f'"{text}"'
    assert f"holds {text}: its numbers were saved in scientific notation" in refused(tmp_path, [row(**{column: cell}), row(Invoice_no="I2")])


@pytest.mark.parametrize("text", ["E12", "1E5", "2E-7", "12E+3A", "A1.5E+11"])
def test_p19_codes_that_only_look_like_it_are_codes(tmp_path, text):
    assert plan_of(tmp_path, [row(Customer_id=text)]).cells["customer_id"] == [text]


@pytest.mark.parametrize("spoilt", ["C1\u200b", "\ufeffC1", "\u200eC1", "C\u00ad1", "C1\u00a0", "\u2060C1\u200d", "\u202aC1\u202c", '"=""C1"""', "'C1", "\u3000C1"])
def test_p19_what_nobody_sees_makes_no_second_customer(tmp_path, spoilt):
    plan = plan_of(tmp_path, [row(), row(Invoice_no="I2", Customer_id=spoilt)])
    assert plan.cells["customer_id"] == ["C1", "C1"]
    told = "invisible characters, quotes or apostrophes of a spreadsheet taken off in 1 row"
    assert plan.formats.get("customer_id") == told or spoilt.strip() == "C1"


@pytest.mark.parametrize(("text", "code", "name"), [
    ('="00123"', "00123", "00123"), ("'00123", "00123", "'00123"), ("'t Zand", "'t Zand", "'t Zand"), ('="a""b"', 'a"b', 'a"b'),
    ("=1+1", "=1+1", "=1+1"), ("O'Neil", "O'Neil", "O'Neil"), ("نمی\u200cخواهم", "نمیخواهم", "نمی\u200cخواهم"),
])  # fmt: skip
def test_p19_names_keep_what_belongs_to_them(text, code, name):
    assert (clean(text), clean(text, code=False)) == (code, name)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(100042, "0000000000", "0000100042"), (7, '"KH"0000', "KH0007"), (123456, "000-000", "123-456"), (1234567, "000-000", "1234-567"), (5, "\\K00", "K05")],
)  # fmt: skip
def test_p19_leading_zeros_that_a_number_format_shows_are_kept(tmp_path, value, form, text):
    assert shown(value, form) == text
    assert sheet(tmp_path, [[*LINE[:1], (value, form), *LINE[2:]], ["I2", "C2", *LINE[2:]]]).cells["customer_id"] == [text, "C2"]


def test_p19_formats_of_amounts_are_no_codes(tmp_path):
    assert sheet(tmp_path, [[*LINE[:5], (1234.5, "#,##0.00"), "invoice"], [*LINE[:5], (7, "0"), "credit note"]]).cells["amount"] == [1234.5, 7.0]


def test_p19_more_than_15_digits_in_a_number_are_refused(tmp_path):
    with pytest.raises(BadRequest, match="as a number of more than 15 digits"):
        sheet(tmp_path, [[(1234567890123456789, "0"), *LINE[1:]]])


def test_p19_customers_that_differ_in_case_or_zeros_only_are_told(tmp_path):
    rows = [row(Customer_id="ACME"), row(Invoice_no="I2", Customer_id="Acme"), row(Invoice_no="I3", Customer_id="00042")]
    plan = plan_of(tmp_path, rows, customers=["42"])
    assert [one.message for one in plan.findings if "differ only" in one.message] == [
        'Customer "Acme" and "ACME" differ only in case, spaces, width of characters or leading zeros; if they are one customer, write both alike.',
        'Customer "00042" and "42" differ only in case, spaces, width of characters or leading zeros; if they are one customer, write both alike.',
    ]
    book = read_book({"ledger": RawTable(list(plan.cells), list(plan.cells.values()), 4)}, {"language": "zh"})
    assert any("“Acme”与“ACME”" in one.message for one in book.findings)


# ---- per cent

DISPUTED = [*HEAD, "Disputed", "Promised"]


def test_p10_per_cent_of_an_amount_is_that_share_of_it(tmp_path):
    plan = plan_of(tmp_path, [[*LINE, "50 %", "12.5%"], [*row(Invoice_no="I2"), "30", "％100"]], DISPUTED)
    assert (plan.cells["disputed_amount"], plan.cells["promise_amount"]) == ([50.0, 30.0], [12.5, 100.0])
    assert "disputed_amount: per cent are that share of the amount (1 row)" in plan.changes


def test_p10_per_cent_that_only_a_number_format_shows_are_a_share_too(tmp_path):
    plan = sheet(tmp_path, [[*LINE, (0.5, "0%"), (0.125, "0.0%")]], DISPUTED)
    assert (plan.cells["disputed_amount"], plan.cells["promise_amount"]) == ([50.0], [12.5])


def test_p10_an_amount_of_per_cent_is_no_amount(tmp_path):
    assert "Amount must be a number" in plan_of(tmp_path, [row(Amount="50 %")]).findings[0].message
    assert "Amount must be a number" in sheet(tmp_path, [[*LINE[:5], (0.5, "0%"), "invoice"]]).findings[0].message
    assert "Disputed must be a number" in plan_of(tmp_path, [[*LINE, "150 %", ""]], DISPUTED).findings[0].message


def test_p10_a_percentage_typed_into_the_ledger_is_told():
    cells = [["I1"], ["invoice"], ["C1"], [46027.0], [46057.0], ["CNY"], [12000.0], [0.5]]
    header = ["document_no", "document_type", "customer_id", "document_date", "due_date", "currency", "amount", "disputed_amount"]
    found = [one.message for one in read_book({"ledger": RawTable(header, cells, 4)}, {}).findings]
    assert "Disputed 0.50 of 12000.00 looks like a percentage: an amount of the currency is wanted here." in found


# ---- what is told


def test_p23_a_column_that_the_file_does_not_have_is_told_with_the_option(tmp_path):
    plan = plan_of(tmp_path, [LINE[:-1]], HEAD[:-1], customers=["C1"])
    assert [one.message for one in plan.findings] == [(
        "The table Ledger needs Type, and the file has no column for it; say which one it is with --map document_type=COLUMN, "
        "or --map document_type==invoice."
    )]


def test_p23_two_columns_of_one_name_are_told_apart_by_the_name_that_is_advised(tmp_path):
    header = [*HEAD[:6], "Amount", "Type"]
    rows = [[*LINE[:6], "6.00", "invoice"]]
    message = refused(tmp_path, rows, header)
    assert message.endswith('choose one with --map "amount=Amount#2"')
    plan = plan_of(tmp_path, rows, header, mapping={"amount": "Amount#2"})
    assert plan.cells["amount"] == [6.0]
    assert 'call one of them "Amount#1" or "Amount#2"' in refused(tmp_path, rows, header, mapping={"amount": "Amount"})
    assert plan.profile.columns["amount"] == "Amount#2"


# ---- dates and numbers of other places


@pytest.mark.parametrize("text", [
    "2026-02-04T10:30:00+08:00", "2026-02-04T23:59:59.999Z", "2026-02-04 10:30:00 -0500", "20260204T103000", "Wednesday, 4 February 2026",
    "Wed, 04 Feb 2026 10:30:00 +0800", "Wed Feb  4 10:30:00 UTC 2026", "2026年2月4日 星期三", "4. Februar 2026", "4 de febrero de 2026", "4 févr. 2026",
    "Mittwoch, 4. Februar 2026", "04-FEB-2026 00:00:00", "Feb 4 2026 12:00AM", "4th February 2026", "2026-Feb-04", "٢٠٢٦-٠٢-٠٤",
])  # fmt: skip
def test_h3_dates_that_say_themselves_what_they_mean(text):
    assert str(read_dates("Date", [text]).dates[text]) == "2026-02-04"


@pytest.mark.parametrize("text", ["05-Jan-26", "5 Jan 26", "05-JAN-26 12.00.00.000000 AM", "5. Jänner 26", "Jan 5, 26", "5 Jan '26"])
def test_h1_of_a_named_month_only_the_century_is_asked_for(text):
    with pytest.raises(BadRequest, match="years of two digits"):
        read_dates("Date", [text])
    assert {str(read_dates("Date", [text], order).dates[text]) for order in ("d/m/y", "m/d/y")} == {"2026-01-05"}


@pytest.mark.parametrize(("text", "code"), [("USD 5.00", "USD"), ("5.00 EUR", "EUR"), ("$5.00", "$"), ("(₹1,23,456.00)", "₹"), ("5.00", ""), ("5.00 pcs", "")])
def test_i1_the_currency_beside_a_number(text, code):
    assert currency_in(text) == code
    assert (parse(text, ".") is None) == ("pcs" in text)


def test_i1_amounts_of_two_currencies_in_one_column_are_refused(tmp_path):
    rows = [row(Amount="USD 5.00"), row(Invoice_no="I2", Amount="EUR 7.00")]
    assert 'column "Amount" holds amounts of several currencies: EUR, USD' in refused(tmp_path, rows)
