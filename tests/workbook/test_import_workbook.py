"""Imports into a workbook: what is written, what stays, what is refused; and the public receivables files."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import openpyxl
import openpyxl.worksheet.table
import pyarrow.compute as pc
import pytest

from workbook.build import build_workbook
from workbook.host_book import need_table, read_host_book, read_raw_table
from workbook.importing.job import import_into
from workbook.importing.write import write_table
from workbook.schema import LEDGER
from xladdin.errors import BadRequest, NotAWorkbook
from xladdin.hosts.file import open_book
from xladdin.hosts.file.sheet import Sheet

DATA = Path(os.environ.get("XLADDIN_DATA", Path(__file__).parents[3] / "shared" / "data")) / "receivables"
DAY = dt.date(2026, 1, 31)
LEDGER_DATA = {
    "document_no": ["007", "A2"], "document_type": ["invoice", "invoice"], "customer_id": ["C1", "C1"], "currency": ["CNY", "CNY"],
    "document_date": [DAY, DAY], "due_date": [DAY, DAY], "amount": [100.0, 7.25], "promise_date": [DAY, None],
}  # fmt: skip
CSV = "document_no,document_type,customer_id,currency,document_date,due_date,amount\n"


@pytest.fixture
def path(tmp_path):
    """A workbook with two documents of one customer."""
    made = tmp_path / "Credit.xlsm"
    build_workbook(made, data={"ledger": LEDGER_DATA, "customers": {"customer_id": ["C1"]}})
    return made


@pytest.fixture
def empty(tmp_path):
    """A workbook whose tables are empty."""
    made = tmp_path / "Credit.xlsm"
    build_workbook(made)
    return made


def csv_file(path, rows, header=CSV):
    file = path.parent / "items.csv"
    file.write_text(header + rows, "utf-8")
    return file


def run(path, source, **options):
    """Import, save, and read the workbook again."""
    book = open_book(path)
    try:
        done = import_into(book, path, source, **options)
        if done.written:
            book.save()
    finally:
        book.close()
    return done


def read(path, overrides=None):
    book = open_book(path)
    try:
        return read_host_book(book, overrides)
    finally:
        book.close()


@pytest.fixture(params=["by columns", "by the public model alone"])
def engine(request, monkeypatch):
    """The engine as it is, and without what it has beyond xlwings' own model."""
    if request.param != "by columns":
        monkeypatch.delattr(Sheet, "set_block")
        monkeypatch.delattr(Sheet, "read_block")
    return request.param


def test_the_tables_of_a_workbook_are_read_with_its_settings(path, engine):
    book = read(path, {"language": "zh"})
    assert book.settings.language == "zh"
    assert book.table("ledger").select(["document_no", "document_date", "amount", "row"]).to_pylist() == [
        {"document_no": "007", "document_date": DAY, "amount": Decimal(100), "row": 4},
        {"document_no": "A2", "document_date": DAY, "amount": Decimal("7.25"), "row": 5},
    ]
    assert book.findings == []


def test_an_empty_workbook_is_read_as_no_rows(empty, engine):
    book = read(empty)
    assert [f.message for f in book.findings] == ["The table Ledger has no rows."]
    assert book.table("ledger").num_rows == 0


def test_a_file_is_added_below_and_texts_stay_texts(path, engine):
    source = csv_file(path, "1-30,invoice,=1+1,USD,2026-02-28,2026-03-30,1234.5\n008,invoice,@C9,CNY,2026-02-28,,5\n")
    done = run(path, source, mode="append", add_customers=True)
    assert done.lines[-1] == "items.csv -> Ledger: 2 rows, 2 new customers, 0 findings"
    book = read(path)
    assert book.table("ledger")["document_no"].to_pylist() == ["007", "A2", "1-30", "008"]
    assert book.table("ledger")["customer_id"].to_pylist() == ["C1", "C1", "=1+1", "@C9"]
    assert book.table("ledger")["promise_date"].to_pylist() == [DAY, None, None, None]
    assert book.table("customers")["customer_id"].to_pylist() == ["C1", "=1+1", "@C9"]
    page = openpyxl.load_workbook(path)["Ledger"]
    assert page.tables["Ledger"].ref.endswith("7")
    assert [(page["A6"].value, page["A6"].number_format, page["A6"].data_type) for _ in "x"] == [("1-30", "@", "s")]
    assert page["C6"].data_type == "s"
    assert (page["F6"].value, page["F6"].number_format) == (dt.datetime(2026, 2, 28), page["F4"].number_format)
    assert page["J6"].number_format == page["J4"].number_format


def test_the_first_import_fills_an_empty_table_from_its_first_row(empty, engine):
    run(empty, csv_file(empty, "A1,invoice,C1,USD,2026-02-28,,5\n"))
    assert read(empty).table("ledger").select(["document_no", "row"]).to_pylist() == [{"document_no": "A1", "row": 4}]


def test_a_table_with_rows_asks_whether_to_add_or_replace(path):
    before = path.read_bytes()
    with pytest.raises(BadRequest) as error:
        run(path, csv_file(path, "A3,invoice,C1,CNY,2026-02-28,,5\n"))
    assert str(error.value) == "the table Ledger has rows already; say --append to add below them or --replace to put the file in their place"
    assert path.read_bytes() == before


def test_a_preview_writes_nothing(path):
    before = path.read_bytes()
    done = run(path, csv_file(path, "A3,invoice,C1,CNY,2026-02-28,,5\n"), mode="append", preview=True, save_profile="p")
    assert (done.written, done.data["rows"], path.read_bytes() == before) == (False, 1, True)
    assert not (path.parent / "profiles").exists()
    assert done.lines[-1].endswith("(preview: nothing was written)")


def test_replacing_keeps_promises_and_the_analysts_own_columns(path, engine):
    book = open_book(path)
    page = book.sheets["Ledger"]
    table = need_table(book, "Ledger")
    last = table.range.columns.count
    page.range((3, last + 1), (5, last + 2)).value = [["Our note", "Double"], ["call Li", None], ["court", None]]
    table.resize(page.range((3, 1), (5, last + 2)))
    page.range((4, last + 2), (5, last + 2)).formula = "=Ledger[[#This Row],[Amount]]*2"
    book.save()
    book.close()
    rows = "A3,invoice,C1,CNY,2026-02-28,2026-03-30,5\n007,invoice,C1,CNY,2026-01-31,2026-01-31,90\nA4,invoice,C1,CNY,2026-02-28,2026-03-30,6\n"
    done = run(path, csv_file(path, rows), mode="replace")
    assert "gone: 1 row of Ledger not in the file" in done.lines
    assert "with them go entries that no file brings back, in A2" in done.lines
    ledger = read(path).table("ledger")
    assert ledger.select(["document_no", "promise_date", "amount"]).to_pylist() == [
        {"document_no": "A3", "promise_date": None, "amount": Decimal(5)},
        {"document_no": "007", "promise_date": DAY, "amount": Decimal(90)},
        {"document_no": "A4", "promise_date": None, "amount": Decimal(6)},
    ]
    page = openpyxl.load_workbook(path)["Ledger"]
    assert [page.cell(row, last + 1).value for row in (4, 5, 6)] == [None, "call Li", None]
    assert [str(page.cell(row, last + 2).value)[:14] for row in (4, 5, 6)] == ["=Ledger[[#This"] * 3


def test_replacing_by_fewer_rows_shrinks_the_table(path, engine):
    run(path, csv_file(path, "A9,invoice,C1,CNY,2026-02-28,2026-03-30,5\n"), mode="replace")
    assert read(path).table("ledger")["document_no"].to_pylist() == ["A9"]
    page = openpyxl.load_workbook(path)["Ledger"]
    assert page.tables["Ledger"].ref.endswith("4")
    assert page["A5"].value is None


def test_importing_the_same_file_twice_adds_nothing(path):
    source = csv_file(path, "A3,invoice,C1,CNY,2026-02-28,2026-03-30,5\n")
    run(path, source, mode="append")
    done = run(path, source, mode="append")
    assert (done.data["rows"], done.data["known"]) == (0, 1)
    assert read(path).table("ledger").num_rows == 3


def test_what_cannot_be_read_arrives_as_text_and_is_told_by_the_workbook(empty, engine):
    done = run(empty, csv_file(empty, "A1,invoice,C1,USD,2026-02-31,2026-03-30,=1+1\nA2,invoice,C1,USD,2026-02-28,,0.5\n"), add_customers=True)
    assert done.errors == 2
    assert [f.message for f in read(empty).findings if f.severity == "error"] == [
        'Document date names a day that does not exist: "2026-02-31".',
        'Amount must be a number; got the text "=1+1". Type it again as a number without separators, such as 1234.5.',
    ]


def test_a_constant_is_a_mapping_that_begins_with_an_equals_sign(empty):
    source = csv_file(empty, "A1,C1,2026-02-28,7\n", "no,cust,when,value\n")
    mapping = {"document_no": "no", "customer_id": "cust", "document_date": "when", "amount": "value", "document_type": "=invoice", "currency": "=EUR"}
    run(empty, source, mapping=mapping, save_profile="ours")
    assert read(empty).table("ledger")["currency"].to_pylist() == ["EUR"]
    again = csv_file(empty, "A2,C1,2026-02-28,7\n", "no,cust,when,value\n")
    assert run(empty, again, profile="ours", mode="append").data["rows"] == 1


def test_cells_below_the_table_are_never_overwritten(path):
    book = open_book(path)
    book.sheets["Ledger"].range("C7").value = "do not delete"
    book.save()
    book.close()
    before = path.read_bytes()
    with pytest.raises(BadRequest) as error:
        run(path, csv_file(path, "".join(f"B{n},invoice,C1,CNY,2026-02-28,,5\n" for n in range(5))), mode="append")
    assert str(error.value) == "the table Ledger would grow over Ledger!C7, which is not empty; move what stands there"
    assert path.read_bytes() == before


def test_a_column_that_the_analyst_deleted_is_refused_by_name(path):
    book = open_book(path)
    book.sheets["Ledger"].range("H3").value = "Our terms"
    with pytest.raises(BadRequest, match="the table Ledger on the sheet Ledger has no column terms; add it, or do not import it"):
        write_table(book, LEDGER, {"document_no": ["A9"], "terms": ["NET 30"]})
    book.close()


def test_more_rows_than_a_sheet_has_are_refused(path):
    book = open_book(path)
    with pytest.raises(BadRequest, match="1,048,573 rows do not fit below row 5 of the sheet Ledger: a sheet ends at row 1,048,576"):
        write_table(book, LEDGER, {"document_no": range(1_048_573)})
    book.close()


@pytest.mark.parametrize(("tables", "missing"), [([], "Ledger"), (["Other"], "Ledger"), (["Ledger"], "Settings")])
def test_a_workbook_without_our_tables_is_refused(tmp_path, tables, missing):
    made = openpyxl.Workbook()
    made.active.append(["Document no."])
    made.active.append(["A1"])
    for name in tables:
        made.active.add_table(openpyxl.worksheet.table.Table(displayName=name, ref="A1:A2"))
    made.save(tmp_path / "Plain.xlsx")
    book = open_book(tmp_path / "Plain.xlsx")
    with pytest.raises(NotAWorkbook) as error:
        read_host_book(book)
    assert str(error.value) == f"Plain.xlsx has no table {missing}: it was not made by `xladdin build`, or the table was deleted or renamed"
    book.close()


def test_a_wrong_setting_is_refused_before_anything_is_read(path):
    with pytest.raises(BadRequest, match="there is no setting colour"):
        read(path, {"colour": "red"})


def test_settings_that_lost_their_columns_are_refused(path):
    book = open_book(path)
    place = need_table(book, "Settings").range
    place.sheet.range((place.row, place.column)).value = "Schlüssel"
    with pytest.raises(NotAWorkbook, match=r"the table Settings of Credit.xlsm needs the columns Key and Value; it has Schlüssel, Setting, Value, Meaning"):
        read_host_book(book)
    book.close()


# ---- the public files

IBM = ("WA_Fn-UseC_-Accounts-Receivable.csv", "ibm-receivables", 2466, "147703.18", 100)
IBM_MISSING = ("WA_Fn-UseC_-Accounts-Receivable_with_missing.csv", "ibm-receivables", 2586, "155658.78", 100)
OPEN_ITEMS = ("open_items_9700.csv", "open-items-sap", 9700, "319584725.91", 664)


@pytest.mark.skipif(not DATA.is_dir(), reason="the public receivables files are not here")
@pytest.mark.parametrize(("name", "profile", "rows", "total", "customers"), [IBM, IBM_MISSING, OPEN_ITEMS])
def test_a_public_file_imports_with_its_profile(empty, name, profile, rows, total, customers):
    done = run(empty, DATA / name, profile=profile, add_customers=True)
    assert (done.data["rows"], done.errors, done.data["unmapped"]) == (rows, 0, [])
    book = read(empty)
    ledger = book.table("ledger")
    assert (ledger.num_rows, book.table("customers").num_rows) == (rows, customers)
    assert pc.sum(ledger["amount"]).as_py() == Decimal(total)
    assert pc.all(ledger["usable"]).as_py()
    assert not [f for f in book.findings if f.severity == "error"]
    raw = open_book(empty)
    assert len(read_raw_table(need_table(raw, "Ledger")).columns[0]) == rows
    raw.close()


@pytest.mark.skipif(not DATA.is_dir(), reason="the public receivables files are not here")
def test_the_public_files_are_not_guessed_without_a_profile(empty):
    with pytest.raises(BadRequest, match='the columns "doc_id" and "invoice_id" both look like Document no'):
        run(empty, DATA / OPEN_ITEMS[0])
