"""Snapshots: the same from every place a ledger may lie in, equal to Aging and to the ledger, and stored once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.large.sources import SOURCES, demo_book, needs
from tests.ledgers import book_of, report_of, rows_of
from workbook.history.job import order_for, take_snapshots
from workbook.history.make import aging_tables
from workbook.history.store import days_in, read_day, read_rows
from workbook.large.attach import with_ledger
from workbook.refresh import make_reports
from workbook.reports.common import Exchange
from workbook.reports.rolling import balances_by_look
from workbook.units import units_column
from xladdin.errors import BadRequest

D = dt.date
DAY = D(2026, 6, 30)
DAYS = (D(2025, 12, 31), D(2026, 3, 31), DAY)


def named(book, **changed):
    return replace(book, name="Credit.xlsm", settings=book.settings.model_copy(update={"as_of": DAY, **changed}))


def stored(book, folder, day=DAY, today=DAY, **options):
    return take_snapshots(book, order_for(book, folder, day, today, **options), said=True)


def rows(folder, day, table="aging"):
    return read_rows(read_day(folder, day), table)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """The snapshots of the demo's own sheet."""
    folder = tmp_path_factory.mktemp("sheet") / "s"
    for day in DAYS:
        stored(named(demo_book()), folder, day)
    return folder


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in SOURCES])
def test_a_snapshot_is_the_sheets_to_the_cent_wherever_the_ledger_lies(kind, sheets, tmp_path):
    days = DAYS[-1:] if kind == "spark" else DAYS  # which takes half a minute for one
    with SOURCES[kind](demo_book(), tmp_path) as ledger:
        for day in days:
            stored(named(demo_book(), ledger=ledger), tmp_path / "s", day)
    for day in days:
        for table in ("aging", "ages"):
            assert rows(tmp_path / "s", day, table).equals(rows(sheets, day, table))
    assert rows(tmp_path / "s", DAY, "scores").equals(rows(sheets, DAY, "scores"))


@pytest.mark.parametrize("kind", ["parquet", "duckdb"])
def test_a_ledger_that_does_not_fit_into_memory_is_summed_where_it_lies(kind, sheets, tmp_path, monkeypatch):
    monkeypatch.setattr("workbook.large.ledger.IN_MEMORY", 100)
    with SOURCES[kind](demo_book(), tmp_path) as ledger:
        for day in DAYS:
            stored(named(demo_book(), ledger=ledger), tmp_path / "s", day)
    for day in DAYS:
        for table in ("aging", "ages"):
            assert rows(tmp_path / "s", day, table).equals(rows(sheets, day, table))


@pytest.mark.parametrize("changed", [
    {"unapplied": "by date"}, {"unapplied": "oldest first"}, {"aging_basis": "document date"}, {"limits": (10, 20)}, {"limits": (45, 400)},
], ids=str)
def test_settings_mean_the_same_there_and_the_sums_are_those_of_aging(changed, tmp_path):
    book = named(demo_book(), **changed)
    stored(book, tmp_path / "sheet")
    with SOURCES["parquet"](demo_book(), tmp_path) as ledger:
        stored(named(demo_book(), ledger=ledger, **changed), tmp_path / "parquet")
    for table in ("aging", "ages"):
        assert rows(tmp_path / "sheet", DAY, table).equals(rows(tmp_path / "parquet", DAY, table))
    adds_up_to_aging(book, rows(tmp_path / "sheet", DAY))


def adds_up_to_aging(book, aging):
    """Every cell of the report, worked out again from the stored rows."""
    sheet = report_of("aging", book, DAY)
    assert all(check.ok for check in sheet.invariants), "Aging is the ledger"
    keys = ["not_due", *(f"bucket_{number}" for number in range(1, len(book.settings.limits) + 2)), "unapplied"]
    shown = {
        (customer, currency, key): int(sheet.data[key][row])
        for row, (customer, currency) in enumerate(zip(sheet.data["customer_id"], sheet.data["currency"], strict=True))
        for key in keys
    }
    for row, (customer, currency) in enumerate(zip(sheet.data["customer_id"], sheet.data["currency"], strict=True)):
        shown[customer, currency, "not_due"] += int(sheet.data["without_due"][row])  # snapshots keep no class of its own for it
    units = units_column(aging["amount"])[0].tolist()
    kept = dict.fromkeys(shown, 0)
    for customer, currency, bucket, amount in zip(*(aging[key].to_pylist() for key in ("customer_id", "currency", "bucket")), units, strict=True):
        kept[customer, currency, keys[bucket]] += amount  # -1 is the last: unapplied
    assert kept == shown
    assert sum(aging["disputed"].to_pylist()) * 10_000 == sum(int(value) for value in sheet.data["disputed"])
    total = sheet.totals[-1] if sheet.rows else dict.fromkeys([*keys, "disputed"], 0)
    worth = dict.fromkeys(keys, 0)
    for bucket, amount in zip(aging["bucket"].to_pylist(), aging["worth"].to_pylist(), strict=True):
        worth[keys[bucket]] += int((amount or 0) * 10_000)
    total = {key: 0 if value is None else value for key, value in total.items()}  # blank where no currency has a rate
    total = total | {"not_due": total["not_due"] + total.get("without_due", 0)}
    assert worth == {key: total[key] for key in keys}, "in the report currency as well, to the cent"
    assert sum(int((amount or 0) * 10_000) for amount in aging["disputed_worth"].to_pylist()) == total["disputed"]


def test_any_program_reads_the_folder_by_its_partitions(sheets):
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT as_of, sum(amount) FROM '{sheets}/aging/*/*.parquet' WHERE currency = 'CNY' GROUP BY as_of ORDER BY as_of").fetchall()
    assert [day for day, _ in found] == list(DAYS)
    assert isinstance(found[0][1], Decimal)
    book = named(demo_book())
    assert found[-1][1] == Decimal(report_of("aging", book, DAY).total_keys["CNY"]["outstanding"]) / 10_000


def test_ages_are_those_the_provision_rolls(sheets):
    book = named(demo_book())
    exchange = Exchange(book, book.settings, DAY)
    last = balances_by_look(book, DAY, exchange, [])[-1]
    ages = rows(sheets, DAY, "ages")
    sums = [0.0] * 6
    for currency, age, amount in zip(*(ages[key].to_pylist() for key in ("currency", "age", "amount")), strict=True):
        sums[age] += float(amount) * 10_000 * exchange.rate(currency)
    assert sums[:5] == pytest.approx(last.tolist())


def test_scores_are_those_of_the_report(sheets):
    sheet = report_of("scores_limits", named(demo_book()), DAY)
    found = {row["customer_id"]: row for row in rows(sheets, DAY, "scores").to_pylist()}
    assert len(found) == sheet.rows
    for row, customer in enumerate(sheet.data["customer_id"]):
        mine = found[customer]
        assert (mine["grade"] or "") == sheet.data["grade"][row]
        assert int(mine["exposure"] * 10_000) == sheet.data["exposure"][row]
        assert (mine["credit_limit"] is None) == (sheet.data["credit_limit"][row] is None)
        room = sheet.data["headroom"][row]
        assert mine["over_limit"] == (None if room is None else Decimal(max(-room, 0)) / 10_000)
        assert mine["score"] is None or round(mine["score"], 1) == sheet.data["score"][row]
    assert {"late", "limit"} <= {rule for row in found.values() for rule in row["hold"].split(",")}


LEDGER = [
    {"document_no": "A", "amount": 100, "document_date": D(2026, 3, 10), "due_date": D(2026, 4, 10)},
    {"document_no": "B", "amount": 40, "currency": "USD", "document_date": D(2026, 5, 2), "due_date": D(2026, 6, 1)},
    {"document_no": "C", "amount": 70, "document_date": D(2026, 4, 2), "due_date": D(2026, 5, 2), "settled_date": D(2026, 6, 15)},
]  # fmt: skip


def small(ledger=LEDGER, given=None, **tables):
    return replace(book_of(ledger, {"as_of": DAY, **(given or {})}, **tables), name="Credit.xlsm")


def test_a_second_run_of_the_day_writes_nothing_when_it_is_the_same(tmp_path):
    first, _ = stored(small(), tmp_path)
    assert first[0] == "2026-06-30  stored: 1 customer, 2 documents, scores of 1, CNY 100.00 · USD 40.00"
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*.parquet")}
    again, data = stored(small(), tmp_path)
    assert again[0] == "2026-06-30  unchanged, nothing written: 1 customer, 2 documents, scores of 1, CNY 100.00 · USD 40.00"
    assert data["snapshots"][0]["stored"] == "unchanged"
    assert before == {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*.parquet")}


@pytest.mark.parametrize(("changed", "told"), [
    ({"ledger": [LEDGER[0] | {"amount": 90.5}, *LEDGER[1:]]}, "CNY 100.00 then, 90.50 now"),
    ({"given": {"limits": "30,60"}}, "buckets: 30,60,90,180 then, 30,60 now"),
    ({"given": {"report_currency": "USD"}}, "report currency: CNY then, USD now"),
    ({"given": {"unapplied": "by date"}}, "unapplied cash: own column then, by date now"),
    ({"given": {"credit_notes": "own row"}}, "credit notes: on their invoice then, own row now"),
    ({"customers": [{"customer_id": "C1", "credit_limit": 5}]}, "other scores"),
    ({"rates": [{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}]}, "other exchange rates"),
    ({"ledger": [LEDGER[0], LEDGER[1] | {"due_date": D(2026, 7, 1)}, LEDGER[2]]}, "other customers or buckets"),
], ids=str)
def test_another_snapshot_of_the_day_is_refused_with_the_difference_and_taken_with_force(changed, told, tmp_path):
    folder = tmp_path / "s"
    stored(small(), folder)
    with pytest.raises(BadRequest) as refused:
        stored(small(**changed), folder)
    assert str(refused.value) == f"there is a snapshot of 2026-06-30 in s, and it is another one ({told}): --force replaces it"
    assert stored(small(**changed), folder, force=True)[0][0].startswith("2026-06-30  replaced: 1 customer")
    assert stored(small(**changed), folder)[1]["snapshots"][0]["stored"] == "unchanged"


def test_month_ends_of_the_past_are_what_the_ledger_tells_and_scores_are_not_made_up(tmp_path):
    lines, data = stored(small(), tmp_path, months=5)
    assert lines[:-1] == [
        "2026-03-31  stored: 1 customer, 1 document, CNY 100.00",
        "2026-04-30  stored: 1 customer, 2 documents, CNY 170.00",
        "2026-05-31  stored: 1 customer, 3 documents, CNY 170.00 · USD 40.00",
        "2026-06-30  stored: 1 customer, 2 documents, scores of 1, CNY 100.00 · USD 40.00",
        "the ledger begins on 2026-03-10: 2 month ends before it are left out",
        "scores of past days are left out: credit files have no history; a snapshot every month keeps them from now on",
    ]
    assert [one["scores"] for one in data["snapshots"]] == [None, None, None, 1]
    assert days_in(tmp_path) == [D(2026, 3, 31), D(2026, 4, 30), D(2026, 5, 31), DAY]
    again, _ = stored(small(), tmp_path, months=5)
    assert again[:4] == [f"{day}  kept as it was stored" for day in ("2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30")]


def test_scores_that_were_stored_in_their_time_outlive_a_past_that_is_made_again(tmp_path):
    may = small(given={"as_of": D(2026, 5, 31)})
    stored(may, tmp_path, D(2026, 5, 31), D(2026, 6, 3))
    before = rows(tmp_path, D(2026, 5, 31), "scores")
    stored(small([LEDGER[0], LEDGER[2]]), tmp_path, months=2, force=True)
    assert rows(tmp_path, D(2026, 5, 31), "scores").equals(before)
    assert sum(rows(tmp_path, D(2026, 5, 31))["amount"].to_pylist()) == 170, "the aging is the new one"


def test_a_month_closed_within_two_weeks_keeps_its_scores(tmp_path):
    book = replace(small(), settings=small().settings.model_copy(update={"as_of": None}))
    assert stored(book, tmp_path / "a", DAY, D(2026, 7, 15))[1]["snapshots"][0]["scores"] == 1
    assert stored(book, tmp_path / "b", DAY, D(2026, 7, 16))[1]["snapshots"][0]["scores"] is None


def test_a_ledger_of_open_items_only_has_no_past(tmp_path):
    for ledger in ([LEDGER[0]], [LEDGER[0] | {"amount": None}, LEDGER[1]]):
        with pytest.raises(BadRequest) as refused:
            stored(small(ledger), tmp_path, months=3)
        assert str(refused.value) == (
            "the ledger holds no payment, credit note or settlement: of a past day it shows only what is still open today, so month ends "
            "of the past cannot be made from it; store a snapshot every month instead, without --months"
        )
    with pytest.raises(BadRequest, match="the ledger is empty: there is no past to store"):
        stored(small([], customers=[]), tmp_path, months=3)
    with SOURCES["parquet"](small([LEDGER[0]]), tmp_path) as ledger, pytest.raises(BadRequest, match="the ledger holds no payment"):
        stored(small([], {"ledger": ledger}), tmp_path / "s", months=3)


def test_trends_are_shown_of_a_ledger_of_any_size(tmp_path, monkeypatch):
    monkeypatch.setattr("workbook.large.ledger.IN_MEMORY", 100)
    with SOURCES["parquet"](demo_book(), tmp_path) as ledger:
        book = replace(named(demo_book(), ledger=ledger), folder=tmp_path)
        for day in DAYS:
            stored(book, None, day)
        with with_ledger(book, said=True) as whole:
            sheets = make_reports(whole, whole.settings, DAY, ["aging", "trends"]).sheets
    assert [row["month"] for row in rows_of(sheets["trends"])] == ["2026-06", "2026-03", "2025-12"]
    assert sheets["trends"].data["outstanding"][0] == sheets["aging"].totals[-1]["outstanding"]
    assert not any("has changed" in note for note in sheets["trends"].notes)


def test_scores_of_a_ledger_of_any_size_are_stored(sheets, tmp_path, monkeypatch):
    monkeypatch.setattr("workbook.large.ledger.IN_MEMORY", 100)
    with SOURCES["parquet"](demo_book(), tmp_path) as ledger:
        stored(named(demo_book(), ledger=ledger), tmp_path / "s")
    assert rows(tmp_path / "s", DAY, "scores").equals(rows(sheets, DAY, "scores"))



@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["invoice", "payment", "credit note", "advance", "adjustment"]), st.sampled_from(["C1", "C2", ""]), st.sampled_from(["CNY", "JPY"]),
                          st.integers(-9_999_999, 9_999_999), st.integers(-300, 500), st.sampled_from(["", "D0", "D1"])), max_size=12),
       st.sampled_from(["own column", "by date", "oldest first"]), st.sampled_from(["due date", "document date"]))  # fmt: skip
def test_any_ledger_is_stored_as_aging_shows_it(documents, unapplied, basis):
    ledger = [
        {"document_no": f"D{number}", "document_type": kind, "customer_id": who or None, "currency": currency, "amount": cents / 100, "reference": reference or None,
         "document_date": DAY - dt.timedelta(days=max(age, 0)), "due_date": DAY - dt.timedelta(days=age // 2)}
        for number, (kind, who, currency, cents, age, reference) in enumerate(documents)
    ]  # fmt: skip
    book = book_of(ledger, {"unapplied": unapplied, "aging_basis": basis, "limits": "7,30,100"})
    with with_ledger(book, said=False) as whole:
        adds_up_to_aging(book, aging_tables(whole, book.settings, DAY, Exchange(book, book.settings, DAY))["aging"])
