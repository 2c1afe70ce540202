"""Point 9: rows at the end of a file, and between its rows, that are totals are no documents; a customer called Total is a customer."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from workbook.book import RawTable, read_book
from workbook.importing.options import ImportOptions
from workbook.importing.plan import make_plan
from workbook.importing.total_rows import says_total
from workbook.open_items import SCALE, read_open_items
from xladdin.errors import BadRequest

HEAD = ["Invoice no", "Customer id", "Invoice date", "Due date", "Currency", "Amount", "Type"]
ONE = ["I1", "C1", "2026-01-10", "2026-02-10", "EUR", "400.00", "invoice"]
TWO = ["I2", "C2", "2026-01-10", "2026-02-10", "EUR", "100.00", "invoice"]


def plan_of(folder, *rows, header=HEAD, encoding="utf-8", delimiter=",", **options):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", delimiter=delimiter).writerows([header, *rows])
    path = folder / "items.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    return make_plan(path, "Ledger", ImportOptions(**options))


def total(plan):
    book = read_book({"ledger": RawTable(list(plan.cells), list(plan.cells.values()), 4)}, {})
    _, totals = read_open_items(book.table("ledger"), dt.date(2026, 6, 30))
    return sum(totals.values()) / SCALE


@pytest.mark.parametrize("row", [
    ["Total", "", "", "", "", "500.00", ""], ["", "Total", "", "", "", "500.00", ""], ["合计", "", "", "", "EUR", "500.00", ""],
    ["", "", "", "", "", "500.00", ""], ["", "", "", "", "EUR", "500.00", "invoice"], ["Summe", "", "", "2026-06-30", "EUR", "500.00", "invoice"],
    ["Grand Total", "C2", "2026-01-10", "2026-02-10", "EUR", "500.00", "invoice"], ["总计:", "C2", "2026-01-10", "", "EUR", "500.00", "invoice"],
    ["2 documents", "", "", "", "EUR", "500.00", "invoice"], ["C2", "", "", "", "EUR", "100.00", ""], ["", "C2", "", "", "EUR", "100.00", ""],
    ["Total for C2", "C2", "", "", "EUR", "100.00", "invoice"], ["", "Zwischensumme", "", "", "", "7.00", ""], ["", "本月合计", "", "", "", "500.00", ""],
])  # fmt: skip
@pytest.mark.parametrize("constant", [True, False])
def test_p09_a_total_is_no_document(tmp_path, row, constant):
    if constant:
        plan = plan_of(tmp_path, ONE[:6], TWO[:6], row[:6], header=HEAD[:6], constants={"document_type": "invoice"})
    else:
        plan = plan_of(tmp_path, ONE, TWO, row)
    assert plan.rows == 2
    assert total(plan) == 500
    assert any("row 4" in told and "total" in told for told in plan.told)
    assert not plan.errors


def test_p09_subtotals_between_the_rows_are_no_documents(tmp_path):
    plan = plan_of(tmp_path, ONE, ["Subtotal C1", "", "", "", "EUR", "400.00", ""], TWO, ["小计", "", "", "", "", "100.00", ""], ["总计", "", "", "", "", "500.00", ""])
    assert (plan.rows, total(plan), plan.cells["document_no"]) == (2, 500, ["I1", "I2"])
    assert any("3 rows left out as totals, no document: row 3, 5, 6" in told for told in plan.told)


@pytest.mark.parametrize("row", [
    ["I3", "Total Energies", "2026-01-10", "2026-02-10", "EUR", "500.00", "invoice"], ["I3", "Total", "2026-01-10", "", "EUR", "500.00", "invoice"],
    ["", "Total SA", "2026-01-10", "", "EUR", "20.00", "payment"], ["TOT-2026-1", "C2", "2026-01-10", "", "EUR", "500.00", "invoice"],
    ["I3", "Summe GmbH", "", "2026-02-10", "EUR", "500.00", "invoice"], ["", "C1", "2026-03-10", "", "EUR", "500.00", "payment"],
    ["I3", "", "2026-01-10", "", "EUR", "500.00", "invoice"], ["", "C1", "", "", "EUR", "77.00", "payment"],
])  # fmt: skip
def test_p09_a_document_is_no_total_whatever_its_customer_is_called(tmp_path, row):
    assert plan_of(tmp_path, ONE, TWO, row).rows == 3


def test_p09_a_total_in_the_column_of_what_is_open_is_left_out_before_the_columns_are_compared(tmp_path):
    header = [*HEAD, "Open Balance"]
    plan = plan_of(
        tmp_path, [*ONE, "250.00"], [*TWO, "100.00"], ["Total", "", "", "", "", "500.00", "", "$350.00"], header=header,
        mapping={"open_amount": "Open Balance"},
    )  # fmt: skip
    assert (plan.rows, total(plan)) == (2, 350)


def test_p09_soll_and_haben_count_for_the_open_amount_too(tmp_path):
    header = ["Konto", "Belegnummer", "Belegdatum", "Fälligkeitsdatum", "Umsatz", "S/H", "Offener Betrag"]
    rows = [["10001", "RE1", "10.01.2026", "10.02.2026", "1.000,00", "S", "400,00"], ["10001", "GU1", "11.02.2026", "", "200,00", "H", "150,00"]]
    plan = plan_of(
        tmp_path, *rows, ["", "Summe", "", "", "800,00", "S", "250,00"], header=header, delimiter=";",
        mapping={"amount": "Umsatz", "debit_credit": "S/H", "open_amount": "Offener Betrag"},
        constants={"document_type": "invoice", "currency": "EUR"},
    )  # fmt: skip
    assert (plan.rows, total(plan)) == (2, 250)


@pytest.mark.parametrize("state", ["Draft", "Void", "Entwurf", "作废"])
def test_p09_drafts_do_not_count_in_silence_where_the_amount_is_what_is_open(tmp_path, state):
    with pytest.raises(BadRequest, match="leave the rows that are settled out of the file"):
        plan_of(tmp_path, [*ONE, "Sent"], [*TWO, state], header=[*HEAD[:5], "Balance", "Type", "Status"], mapping={"amount": "Balance"})


@pytest.mark.parametrize(("credit", "payment"), [("100", "-100"), ("-100", "100")])
def test_p09_a_credit_that_is_paid_out_again_says_nothing_of_the_signs(tmp_path, credit, payment):
    """P3: a refund has the other sign than what it settles, whichever sign lowers the debt."""
    header = [*HEAD, "Reference"]
    rows = [["CN1", "C1", "2026-01-05", "", "EUR", credit, "credit note", ""], ["P1", "C1", "2026-01-20", "", "EUR", payment, "payment", "CN1"]]
    assert total(plan_of(tmp_path, [*ONE, ""], *rows, header=header)) == 400


@pytest.mark.parametrize("reference", ["", "I1", "CN2"])
def test_p09_other_payments_with_a_sign_of_their_own_are_asked_for(tmp_path, reference):
    header = [*HEAD, "Reference"]
    rows = [["CN1", "C1", "2026-01-05", "", "EUR", "100", "credit note", ""], ["P1", "C1", "2026-01-20", "", "EUR", "-100", "payment", reference]]
    with pytest.raises(BadRequest, match="--signs"):
        plan_of(tmp_path, [*ONE, ""], *rows, header=header)


def test_p09_pending_is_open(tmp_path):
    """Tally: Bills receivable, Opening Amount and Pending Amount."""
    header = [*HEAD[:5], "Amount", "Type", "Pending Amount"]
    with pytest.raises(BadRequest, match='"Pending Amount" changes what is open'):
        plan_of(tmp_path, [*ONE, "1,00,400.00 Dr"], header=header)


@pytest.mark.parametrize("text", ["Total", "TOTAL:", "Total for C1", "Sub-total", "合计", "本年累计", "Gesamtsumme", "Итого", "* Total *"])
def test_words_for_totals(text):
    assert says_total(text)


@pytest.mark.parametrize("text", ["Totalplan GmbH", "Sumitomo", "Summers", "I-Total", "", None, 5.0])
def test_other_words(text):
    assert not says_total(text)
