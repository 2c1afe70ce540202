"""Every input table with everything wrong in it: reports are made, nothing is lost, and each fault is a finding with a link."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from decimal import Decimal

import pytest

from tests.ledgers import raw, report_of, rows_of
from tests.test_command_line import run
from workbook.book import RawTable, read_book
from workbook.letters.fill import FIELDS, ITEM_FIELDS, SUM_FIELDS
from workbook.refresh import make_reports
from workbook.tables import TABLES
from xladdin.cells import ExcelError
from xladdin.hosts.file import check_file, open_book
from xladdin.registry import reports

D = dt.date
DAY = D(2026, 6, 30)
FORMULA = "=HYPERLINK(1)"
SETTINGS = {"simulated_years": 200, "own_cash": 1000, "weekly_costs": 100}
#: one good row of each table
GOOD = {
    "ledger": {
        "document_no": "I1", "document_type": "invoice", "customer_id": "C1", "document_date": D(2026, 1, 5), "due_date": D(2026, 2, 4), "currency": "CNY",
        "amount": 1000, "policy_no": "P1", "contract_no": "K1",
    },
    "customers": {"customer_id": "C1", "name": "Acme", "country": "CN", "first_trade": D(2020, 1, 1), "credit_limit": 5000, "insured_limit": 4000},
    "contracts": {"contract_no": "K1", "customer_id": "C1", "value": 9000, "currency": "CNY", "prepaid": 100, "credit_days": 30},
    "orders": {"order_no": "O1", "customer_id": "C1", "order_date": D(2026, 6, 1), "currency": "CNY", "amount": 200},
    "policies": {
        "policy_no": "P1", "structure": "whole turnover", "cover": 0.9, "premium_rate": 0.004, "insured_amount": 10_000, "notice_days": 30,
        "max_extension_days": 60, "collections_days": 90, "waiting_days": 150, "claim_until_days": 365, "counted_from": "due date", "days_kind": "calendar",
    },
    "plans": {
        "plan_no": "A", "customer_id": "C1", "documents": "I1", "agreed_on": D(2026, 6, 1), "instalment": 1, "due_date": D(2026, 7, 1), "currency": "CNY",
        "amount": 1000,
    },
    "blacklist": {"name": "Bad Buyer Ltd", "register_no": "123", "source": "house", "listed_on": D(2025, 1, 1)},
    "rates": {"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7.0},
    "holidays": {"calendar": "CN", "date": D(2027, 1, 1), "working": False},
    "signals": {"signal": "payment_trend", "watch": 1.5, "alarm": 3.0, "minimum_sample": 6},
    "scorecard": {"factor": "years_of_trade", "from": 1.0, "to": 5.0, "points": 50},
    "grades": {"grade": "A", "from_score": 0, "default_probability": 0.01},
}  # fmt: skip
KINDS = ("text", "choice", "date", "amount", "number", "rate", "integer", "flag")


def wrong(field):
    """A cell of another kind than the field's."""
    return {"date": "soon", "amount": "about 12", "number": "some", "rate": "half", "integer": 1.5, "flag": "perhaps", "choice": "whatever"}.get(field.kind, 12.5)


def bad_rows(key):
    """Rows that are each wrong in another way, below the good one."""
    fields, good = TABLES[key].fields, GOOD[key]

    def changed(**kinds):
        return {**good, **{field.key: kinds[field.kind] for field in fields if field.kind in kinds}}

    return [
        good,
        {field.key: wrong(field) for field in fields},
        good,  # the same key again
        changed(text="中文名称，含标点"),
        changed(text=FORMULA),
        changed(date=D(2099, 12, 31)),
        changed(amount=-12.34, number=-1.0, rate=-0.5, integer=-3),
        changed(**dict.fromkeys(KINDS, ExcelError("#N/A"))),
        {},
        {next(iter(good)): "lonely"},
    ]  # fmt: skip


def tables(**changed):
    return {key: raw(key, rows) for key, rows in ({key: [row] for key, row in GOOD.items()} | changed).items() if rows is not None}


def made_of(cells):
    book = read_book(cells, SETTINGS)
    made = make_reports(book, book.settings, DAY)
    assert len(made.sheets) == len(reports())
    for key, sheet in made.sheets.items():
        assert [check for check in sheet.invariants if not check.ok] == [], key
        assert sheet.rows == len(rows_of(sheet)), key
    assert_linked(rows_of(made.sheets["data_problems"]), made.book.findings)
    return made


def assert_linked(shown, findings):
    """Every finding is listed, and one in a cell has a link to that cell."""
    assert len([row for row in shown if row["row"]]) == len([one for one in findings if one.row])
    for row in shown:
        if row["row"] and row["column"]:
            assert re.fullmatch(rf"'?.+'?![A-Z]+{row['row']}", row["link"]), row
    assert all(one.message and "Traceback" not in one.message and "{" not in one.message for one in findings)


def test_one_good_row_of_each_table_has_no_finding():
    assert [(one.source, one.message) for one in read_book(tables(), SETTINGS).findings] == []


@pytest.mark.parametrize("key", TABLES)
def test_rows_wrong_in_every_way_are_findings_and_the_good_row_counts(key):
    made = made_of(tables(**{key: bad_rows(key)}))
    found = [one for one in made.book.findings if one.source == TABLES[key].name]
    assert {one.row for one in found} >= {3, 9}, "the row of wrong kinds, and the row of error values"
    typed = [field for field in TABLES[key].fields if field.kind != "text"]
    told = {one.column for one in found if one.row == 3}
    assert {field.key for field in typed} <= told, "each cell of a wrong kind is told by itself"
    if TABLES[key].unique:
        assert any(one.row == 4 and one.message.endswith("stands in row 2 already.") for one in found)


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize("how", ["no rows", "no table", "no required column", "renamed column"])
def test_a_table_that_is_not_whole_is_told_and_the_reports_are_made(key, how):
    cells = tables()
    fields = [field.key for field in TABLES[key].fields]
    required = next((field.key for field in TABLES[key].fields if field.required), fields[0])
    if how == "no rows":
        cells = tables(**{key: []})
    elif how == "no table":
        del cells[key]
    else:
        table, place = cells[key], fields.index(required)
        header = [*table.header]
        columns = [*table.columns]
        if how == "renamed column":
            header[place] = "Something else"
        else:
            del header[place], columns[place]
        cells[key] = RawTable(header, columns, 2)
    made = made_of(cells)
    messages = [one.message for one in made.book.findings if one.source == TABLES[key].name]
    if how in ("no required column", "renamed column"):
        label = TABLES[key].field(required).en
        told = f"The table {TABLES[key].name} has no column {label}"
        assert told.removesuffix(".") + "." in messages
    if how == "renamed column":
        assert 'The column "Something else" is not one of ours; no report uses it.' in messages


def test_all_tables_wrong_at_once_in_a_workbook_refresh_with_exit_code_one_and_lose_no_amount(tmp_path):
    from workbook.build import build_workbook

    path = tmp_path / "Credit.xlsm"
    data = {}
    for key in TABLES:
        rows = [row for row in bad_rows(key) if not any(isinstance(cell, ExcelError) for cell in row.values())]
        data[key] = {field.key: [row.get(field.key) for row in rows] for field in TABLES[key].fields}
    build_workbook(path, data=data, settings={"as_of": DAY, **SETTINGS})
    code, line, err = run("refresh", path)
    assert (code, err) == (1, "")
    assert ", 0 unreconciled, " in line
    assert check_file(path) == []
    book = open_book(path)
    page = book.sheets["Data problems"]
    cells = page.tables["rpt_data_problems"].range.options(ndim=2).value
    header = cells[0]
    place = {name: header.index(name) for name in ("Table", "Row", "Column", "Go to")}
    linked = [row for row in cells[1:] if row[place["Go to"]]]
    assert len(linked) > 50
    for row in linked:
        text = str(row[place["Go to"]])
        sheet, _, cell = (text if "!" in text else f"{text}!A1").rpartition("!")  # a sheet as a whole stands there by its name
        target = book.sheets[sheet.strip("'")].range(cell)
        assert target.row == (row[place["Row"]] or 1)
    ledger = book.sheets["Ledger"].tables["Ledger"].range.options(ndim=2).value
    names = [row[ledger[0].index("Document no.")] for row in ledger[1:]]
    assert FORMULA in names
    assert "中文名称，含标点" in names
    book.close()


@pytest.mark.parametrize("sheet", ["Customers", "Rates", "Policies"])
def test_a_workbook_whose_headers_of_a_table_were_all_overwritten_still_refreshes(small, sheet):
    book = open_book(small)
    page = book.sheets[sheet]
    table = page.tables[sheet].range
    page.range((table.row, table.column), (table.row, table.column + table.columns.count - 1)).value = [f"X{n}" for n in range(table.columns.count)]
    book.save()
    book.close()
    code, line, err = run("refresh", small)
    assert code in (0, 1), err
    assert ", 0 unreconciled, " in line


# the bad inputs of the catalogue, each with its line

def test_a_policy_without_clocks():
    policy = {key: value for key, value in GOOD["policies"].items() if not key.endswith("_days")}
    sheet = report_of("insurance", read_book(tables(policies=[policy]), SETTINGS), DAY)
    finding = sheet.problems[0]
    assert (finding.source, finding.row, finding.severity) == ("policies", 2, "warning")
    assert finding.message == (
        "policy P1 has no Overdue notice, Longest extension, Collections, Waiting period, Claim until: these clocks cannot be dated, so nothing warns of them"
    )
    assert rows_of(sheet)[0]["insured"] == "900.00", "the cover itself is not lost"


def test_a_rate_table_that_ends_before_the_date():
    book = read_book(tables(), {**SETTINGS, "interest_rule": "CN-SALE"})
    sheet = report_of("escalation", book, DAY)
    assert rows_of(sheet)[0]["interest"] is None
    assert [one.message for one in sheet.problems] == [
        "1 x Interest so far: LPR: no rate is known from 2025-06-20 on; add later rates to the sheet Rates"
    ]


def test_an_exchange_rate_that_begins_after_the_date():
    rows = [{**GOOD["ledger"], "currency": "USD"}]
    late = [{"table": "USD/CNY", "date": D(2026, 7, 1), "rate": 7.0}]
    sheet = report_of("aging", read_book(tables(ledger=rows, rates=late), SETTINGS), DAY)
    assert rows_of(sheet)[0]["outstanding_report"] is None
    assert [one.message for one in sheet.problems] == [
        "No exchange rate USD/CNY on 2026-06-30: USD is left out of totals in CNY."
    ]


def test_a_plan_longer_than_the_longest_extension():
    sheet = report_of("payment_plans", read_book(tables(), SETTINGS), DAY)
    assert rows_of(sheet)[0]["plan_flag"] == "87 days after the longest extension under P1: the insurer must agree, or cover may be lost"


def test_a_letter_template_with_an_unknown_field(small, tmp_path):
    assert run("letter-templates", small.parent / "templates")[0] == 0
    template = small.parent / "templates" / "reminder_zh.docx"
    with zipfile.ZipFile(template) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert b"customer_name" in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"customer_name", b"custmer_name")
    with zipfile.ZipFile(template, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    code, out, err = run("letters", small, tmp_path / "out", "--as-of", "2026-06-30", "--level", "30")
    assert (code, out) == (2, "")
    known = ", ".join((*FIELDS, *ITEM_FIELDS, *SUM_FIELDS))
    assert err == f"xladdin: the template reminder_zh.docx has the field custmer_name, which is not known; there are {known}\n"
    assert not list((tmp_path / "out").glob("*"))


def test_a_scanned_contract_on_the_command_line(tmp_path):
    from tests.workbook.test_contract_file import pdf_of

    pdf_of(tmp_path / "scan.pdf", "")
    code, out, err = run("contract", tmp_path / "scan.pdf")
    assert (code, out) == (2, "")
    assert err == "xladdin: scan.pdf is a scan: its 1 page holds no text; run text recognition (OCR) over it first\n"


def test_amounts_left_out_and_amounts_in_the_reports_are_all_amounts_that_can_be_read():
    made = made_of(tables(ledger=bad_rows("ledger")))
    left = sum(Decimal(row["amount"]) for row in rows_of(made.sheets["data_problems"]) if row["amount"])
    inside = sum(Decimal(str(row["amount"])) for row in made.book.tables["ledger"].to_pylist() if row["usable"])
    readable = sum(Decimal(str(row.get("amount"))) for row in bad_rows("ledger") if isinstance(row.get("amount"), (int, float)))
    turned = 2 * Decimal("12.34")  # the negative invoice is read as a credit note of that amount
    assert left + inside - turned == readable
