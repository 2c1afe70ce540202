"""Questions to the ledger: the shorter ways in which they are asked give what the plain rule gives, on random ledgers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tests.workbook.test_reports_agree import Draw
from workbook.indicators.compute import measure
from workbook.open_items import read_open_items
from workbook.questions.asking import asked_of
from workbook.questions.balances import balances, by_look, open_then
from workbook.questions.spans import all_looks, edges, ends, forecast_look
from workbook.questions.stood import items_then
from workbook.questions.worth import valued
from workbook.reports.common import Exchange, items_of
from workbook.reports.rolling import then_of
from workbook.reports.worth import items_worth

SEEDS = range(40, 52)


def look_codes(looks):
    return {f"{number:03}": day for number, day in enumerate(looks)}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_look_is_the_open_items_of_its_day(seed):
    draw = Draw(seed)
    book = draw.book()
    day, exchange = draw.today, Exchange(book, book.settings, draw.today)
    balances(book, exchange, day, [day])
    asked, codes = asked_of(book, day), look_codes(all_looks(day))
    found = asked.answer(lambda ask: ask.shared(items_then), ["look"], small={"looks": _looks(codes)})
    keys = ("customer_id", "currency", "kind", "due_date", "open")
    there = Counter((codes[row["look"]], *(row[key] for key in keys)) for row in found.to_pylist())
    here = Counter()
    for look in codes.values():  # the plain rule, day by day
        items, _ = read_open_items(book.tables["ledger"], look)
        here.update((look, *(row[key] for key in keys)) for row in items.to_pylist())
    assert there == here
    assert here or not book.documents


def _looks(codes):
    import pyarrow as pa

    return pa.table({"look": list(codes), "look_day": pa.array(codes.values(), pa.date32())})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("currency", ["CNY", "USD", "JPY"])
def test_an_engine_converts_items_to_the_cent_as_the_reports_do(seed, currency):
    draw = Draw(seed)
    book = draw.book(report_currency=currency)
    exchange = Exchange(book, book.settings, draw.today)
    found = asked_of(book, draw.today).answer(valued, ["row", "document_no", "instalment", "open"], exchange=exchange)
    items = items_of(book, draw.today)
    worth, contested = items_worth(items, exchange)
    keys = ("row", "document_no", "instalment", "open")
    here = Counter(zip(*(items.table[key].to_pylist() for key in keys), worth.tolist(), contested.tolist(), strict=True))
    assert Counter(zip(*(found[key].to_pylist() for key in (*keys, "worth", "contested")), strict=True)) == here
    assert len(worth) or not book.documents


@pytest.mark.parametrize("seed", SEEDS)
def test_balances_of_the_day_are_those_of_its_items(seed):
    draw = Draw(seed)
    book = draw.book()
    exchange = Exchange(book, book.settings, draw.today)
    made = then_of(book, exchange, draw.today, [draw.today]).worth_by_look()
    items = items_of(book, draw.today)
    worth, late = items_worth(items, exchange)[0], (np.datetime64(draw.today, "D") - items.dates("due_date")).astype(np.int64)
    bucket = np.where(items.applied, sum((late > age).astype(np.int64) for age in (0, 30, 60, 90, 120)), 6)
    assert [int(one[0]) for one in made.values()] == [int(worth[bucket == number].sum()) for number in range(7)]


def test_the_random_ledgers_are_not_empty():
    assert sum(bool(Draw(seed).ledger) for seed in SEEDS) > 6


def test_a_day_that_was_asked_for_is_not_asked_for_again(monkeypatch):
    draw = Draw(1)
    book = draw.book()
    exchange = Exchange(book, book.settings, draw.today)
    first = balances(book, exchange, draw.today, all_looks(draw.today))
    monkeypatch.setattr("workbook.questions.asking.Asked.answer", lambda *_, **__: pytest.fail("asked again"))
    assert balances(book, exchange, draw.today, [draw.today])[0] is first[-1]


def test_the_items_of_an_earlier_day_are_found_by_due_date():
    draw = Draw(3)
    book = draw.book()
    day = forecast_look(draw.today)
    items, _ = read_open_items(book.tables["ledger"], day)
    here = Counter()
    for row in items.to_pylist():
        if row["kind"] == "item":
            here[row["customer_id"], row["currency"], row["due_date"]] += row["open"]
    found = open_then(book, draw.today, day)
    keys = ("customer_id", "currency", "due_date")
    assert {tuple(row[key] for key in keys): row["open"] for row in found.to_pylist()} == here


@pytest.mark.parametrize("day", ["2026-06-30", "2026-02-28", "2024-02-29", "2026-03-01", "2025-12-31"])
def test_every_day_lies_in_the_windows_of_its_span(day):
    as_of = dt.date.fromisoformat(day)
    borders = edges(as_of)
    assert borders == sorted(borders)
    days = [as_of - dt.timedelta(days=back) for back in range(800)]
    last = ends(as_of, np.searchsorted(np.array(borders, dtype="datetime64[D]"), np.array(days, dtype="datetime64[D]"), side="left"))
    for until in (as_of, as_of - dt.timedelta(days=30)):
        for window in (30, 90, 180, 365):
            for shift in (0, 1):
                end = until - dt.timedelta(days=window * shift)
                start = end - dt.timedelta(days=window)
                inside = [start < one <= end for one in days]
                assert inside == [start < one <= end for one in last.tolist()]


def test_a_customer_that_owed_something_once_and_is_nowhere_now_takes_no_part():
    draw = Draw(5)
    book = draw.book()
    ledger = book.tables["ledger"]
    gone = ledger.slice(0, 1).to_pylist()[0] | {
        "document_no": "GONE", "document_type": "invoice", "customer_id": "GONE", "reference": None, "instalment": None, "currency": "CNY",
        "document_date": draw.today - dt.timedelta(days=100), "due_date": draw.today - dt.timedelta(days=70), "disputed_amount": None,
        "settled_date": draw.today - dt.timedelta(days=20), "settled_amount": None, "row": 9_999, "usable": True, "promise_date": None,
    }  # fmt: skip
    import pyarrow as pa

    more = pa.concat_tables([ledger, pa.Table.from_pylist([gone], ledger.schema)])
    made = measure(replace(book, tables={**book.tables, "ledger": more}), book.settings, draw.today)
    plain = measure(book, book.settings, draw.today)
    assert made.scene.found.customers == plain.scene.found.customers
    for key, values in plain.columns.items():
        if "share_of_sales" not in key:
            assert np.array_equal(made.columns[key], values, equal_nan=True), key
    assert by_look.__doc__
