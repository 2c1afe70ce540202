"""One ledger, on the sheet and elsewhere: the same reports, to the cent."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.large.sources import SOURCES, demo_book, needs
from tests.ledgers import book_of
from tests.workbook.test_reports_agree import Draw
from workbook.claim.debt import debt_of
from workbook.large.attach import with_ledger
from workbook.refresh import make_reports
from workbook.sheet import as_json, listed
from xladdin.registry import reports

DAY = dt.date(2026, 6, 30)
ALL = tuple(key for key in reports() if key != "data_problems")


@pytest.fixture(scope="module")
def book():
    return demo_book()


def told(sheet):
    """Everything that stands on a report's sheet."""
    blocks = [(block.title, {key: [str(cell) for cell in listed(values)] for key, values in block.data.items()}) for block in sheet.blocks]
    return {
        **as_json(sheet), "subtitle": sheet.subtitle, "facts": sheet.facts, "notes": sheet.notes, "blocks": blocks, "chart": sheet.chart,
        "charts": sheet.charts,
    }


def answers(book, settings, keys, day=DAY):
    return {key: told(sheet) for key, sheet in make_reports(book, settings, day, keys).sheets.items()}


def elsewhere(book, ledger, settings, keys, day=DAY):
    changed = replace(book, settings=settings.model_copy(update={"ledger": ledger}))
    with with_ledger(changed, said=True) as whole:
        assert whole.large.documents == book.documents
        return answers(whole, whole.settings, keys, day)


def assert_same(there, here):
    """Compare report by report: a difference then shows its report and cell, not all of them."""
    assert list(there) == list(here)
    for key, sheet in here.items():
        for part, value in sheet.items():
            assert there[key][part] == value, f"{key}: {part}"


@pytest.fixture(scope="module")
def here(book):
    return answers(book, book.settings, ALL)


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in SOURCES])
def test_every_report_is_the_sheets_to_the_cent(kind, book, here, tmp_path):
    assert len(here) > 15
    with SOURCES[kind](book, tmp_path) as ledger:
        assert_same(elsewhere(book, ledger, book.settings, ALL), here)


def too_large(monkeypatch):
    """Let a ledger count as one that is not brought into memory."""
    def refuse(_ledger):
        raise AssertionError("the whole ledger was brought")

    monkeypatch.setattr("workbook.large.ledger.LargeLedger.fits", False)
    monkeypatch.setattr("workbook.large.ledger.LargeLedger.typed", refuse)


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in SOURCES if kind != "parquet folder"])
def test_reports_of_a_ledger_of_any_size_are_the_sheets_to_the_cent(kind, book, here, tmp_path, monkeypatch):
    keys = ALL if kind != "spark" else ("aging", "escalation", "scores_limits", "insurance", "provision")  # one of each kind: it takes its time
    too_large(monkeypatch)
    with SOURCES[kind](book, tmp_path) as ledger:
        assert_same(elsewhere(book, ledger, book.settings, keys), {key: here[key] for key in keys})


def test_a_claim_against_a_ledger_of_any_size_is_the_sheets(book, tmp_path, monkeypatch):
    owing = Counter(row["customer_id"] for row in as_json(make_reports(book, book.settings, DAY, ["aging"]).sheets["aging"])["rows"])
    customer = owing.most_common(1)[0][0]
    wanted = debt_of(book, book.settings, customer, DAY)
    too_large(monkeypatch)
    with SOURCES["parquet"](book, tmp_path) as ledger:
        changed = replace(book, settings=book.settings.model_copy(update={"ledger": ledger}))
        with with_ledger(changed, said=True) as whole:
            debt = debt_of(whole, whole.settings, customer, DAY)
    assert debt.items == wanted.items
    assert debt.sums() == wanted.sums()
    assert debt.ledger == wanted.ledger != {}


@pytest.mark.parametrize("changed", [
    {"unapplied": "by date"}, {"aging_basis": "document date"}, {"report_currency": "USD"}, {"limits": (10, 20)}, {"language": "zh"},
], ids=str)
def test_settings_mean_the_same_for_a_ledger_of_any_size(changed, book, tmp_path, monkeypatch):
    settings = book.settings.model_copy(update=changed)
    keys = ("aging", "disputes", "insurance", "provision", "contract_terms")
    wanted = answers(book, settings, keys)
    too_large(monkeypatch)
    with SOURCES["parquet"](book, tmp_path) as ledger:
        assert_same(elsewhere(book, ledger, settings, keys), wanted)


@pytest.mark.parametrize("changed", [
    {"unapplied": "by date"}, {"unapplied": "oldest first"}, {"aging_basis": "document date"}, {"limits": (10, 20)},
    {"minimum_open": 50_000}, {"skip_levels": True}, {"language": "zh"},
], ids=str)
def test_settings_mean_the_same_there(changed, book, tmp_path):
    settings = book.settings.model_copy(update=changed)
    keys = ALL if changed == {"language": "zh"} else ("aging", "escalation", "disputes")
    with SOURCES["parquet"](book, tmp_path) as ledger:
        assert_same(elsewhere(book, ledger, settings, keys), answers(book, settings, keys))


def test_credit_notes_are_rows_of_their_own_there_too(tmp_path):
    book = demo_book(credit_notes="own row")
    keys = ("aging", "escalation", "disputes", "provision")
    with SOURCES["parquet"](demo_book(), tmp_path) as ledger:
        there = elsewhere(book, ledger, book.settings, keys)
    assert_same(there, answers(book, book.settings, keys))
    assert there["aging"]["facts"] != answers(demo_book(), book.settings, ["aging"])["aging"]["facts"]


@pytest.mark.parametrize("day", ["2025-12-31", "2026-03-31", "2027-01-31"])
def test_days_past_and_future_are_the_same_there(day, book, tmp_path):
    day = dt.date.fromisoformat(day)
    with SOURCES["parquet folder"](book, tmp_path) as ledger:
        assert_same(elsewhere(book, ledger, book.settings, ALL, day), answers(book, book.settings, ALL, day))


def test_bad_rows_elsewhere_are_counted_with_the_amounts_that_the_sheet_lists_one_by_one(book, tmp_path):
    def parted(sheet):
        rows = as_json(sheet)["rows"]
        lost = Counter()
        for row in rows:
            if row["source"] == "Ledger" and row["amount"]:
                lost[row["currency"]] += Decimal(row["amount"])
        return [row for row in rows if row["source"] != "Ledger"], lost

    listed_here, lost_here = parted(make_reports(book, book.settings, DAY).sheets["data_problems"])
    with SOURCES["parquet"](book, tmp_path) as ledger:
        changed = replace(book, settings=book.settings.model_copy(update={"ledger": ledger}))
        with with_ledger(changed, said=True) as whole:
            listed_there, lost_there = parted(make_reports(whole, whole.settings, DAY).sheets["data_problems"])
    assert lost_there == lost_here != Counter()
    assert listed_there == listed_here


@pytest.mark.parametrize("seed", range(60, 68))
def test_reports_of_any_ledger_are_the_same_however_large_it_counts(seed, tmp_path, monkeypatch):
    draw = Draw(seed)
    book = draw.book()
    with SOURCES["parquet"](book, tmp_path) as ledger:
        changed = replace(book, settings=book.settings.model_copy(update={"ledger": ledger}))
        with with_ledger(changed, said=True) as whole:
            brought = answers(whole, whole.settings, ALL, draw.today)
        too_large(monkeypatch)
        assert_same(elsewhere(book, ledger, book.settings, ALL, draw.today), brought)


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in SOURCES if kind != "parquet folder"])
@pytest.mark.parametrize("large", [False, True])
def test_p23_what_is_without_due_date_stands_in_its_own_column_wherever_the_ledger_lies(kind, large, tmp_path, monkeypatch):
    base = {"document_date": DAY - dt.timedelta(400), "currency": "USD"}
    book = book_of([
        {**base, "document_no": "I1", "amount": 100.01, "terms": "D/A 90"}, {**base, "document_no": "I2", "amount": 30, "terms": "net 30"},
        {**base, "document_no": "I3", "amount": 5.55, "due_date": DAY}, {**base, "document_no": "P1", "amount": 7, "document_type": "payment"},
    ], rates=[{"table": "USD/CNY", "date": dt.date(2020, 1, 1), "rate": 7.1234}])  # fmt: skip
    keys = ("aging", "escalation") if kind == "spark" else ("aging", "escalation", "provision", "liquidity", "disputes", "cash_forecast")
    wanted = answers(book, book.settings, keys)
    row = wanted["aging"]["rows"][0]
    assert [row[key] for key in ("not_due", "bucket_5", "unapplied", "without_due", "outstanding", "overdue")] == [
        "5.55", "30.00", "-7.00", "100.01", "128.56", "30.00",
    ]  # fmt: skip
    if large:
        too_large(monkeypatch)
    with SOURCES[kind](book, tmp_path) as ledger:
        assert_same(elsewhere(book, ledger, book.settings, keys), wanted)
