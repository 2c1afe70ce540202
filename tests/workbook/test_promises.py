"""The register of promises: running, kept, broken, replaced; what was paid in time; deadlines that end before the promise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.refresh import refresh
from workbook.reports.common import items_of
from workbook.reports.settled import open_on
from xladdin.hosts.file import open_book

D = dt.date
DUE = D(2026, 5, 31)


def item(number="1", **more):
    return {"document_no": number, "amount": 100, "due_date": DUE, **more}


def paid(amount, day, reference="1", kind="payment"):
    return {"document_no": f"P{amount}{day}", "document_type": kind, "reference": reference, "amount": amount, "document_date": day}


def register(book, day):
    return {(row["document_no"], row["promise_date"]): row for row in rows_of(report_of("promises", book, day))}


def again(book, sheet, **typed):
    """The book a day later: the sheets as they stood."""
    return replace(book, previous={"promises": {key: list(values) if not hasattr(values, "tolist") else values.tolist() for key, values in shown(sheet).items()}, **typed})


def shown(sheet):
    """A report's cells as a host reads them back: money as numbers."""
    kinds = {column.key: column.kind for column in sheet.columns}
    return {key: np.array([None if one is None else one / 10_000 for one in values], dtype=object) if kinds[key] == "amount" else values for key, values in sheet.data.items()}


@pytest.mark.parametrize(
    ("ledger", "day", "state", "in_time", "missing"),
    [
        ([], D(2026, 6, 13), "running", "0.00", "100.00"),  # the promise's day and three of grace
        ([], D(2026, 6, 14), "broken", "0.00", "100.00"),
        ([paid(100, D(2026, 6, 13))], D(2026, 6, 14), "kept", "100.00", "0.00"),
        ([paid(100, D(2026, 6, 14))], D(2026, 6, 30), "broken", "0.00", "100.00"),  # paid, but too late
        ([paid(40, D(2026, 6, 12))], D(2026, 6, 30), "broken", "40.00", "60.00"),
        ([paid(100, D(2026, 6, 5), kind="credit note")], D(2026, 6, 30), "kept", "100.00", "0.00"),
    ],
)  # fmt: skip
def test_a_promise_is_kept_when_all_of_it_is_paid_within_its_days_of_grace(ledger, day, state, in_time, missing):
    row = register(book_of([item(promise_date=D(2026, 6, 10)), *ledger]), day)["1", "2026-06-10"]
    assert (row["promise_state"], row["paid_in_time"], row["promise_missing"]) == (state, in_time, missing)


def test_a_promise_of_a_part_is_kept_by_that_part():
    book = book_of([item(promise_date=D(2026, 6, 10), promise_amount=40), paid(40, D(2026, 6, 9))])
    row = register(book, D(2026, 6, 30))["1", "2026-06-10"]
    assert (row["promise_state"], row["promised_amount"], row["open_amount"]) == ("kept", "40.00", "60.00")


def test_what_was_paid_before_the_due_date_keeps_no_promise():
    book = book_of([item(promise_date=D(2026, 6, 10), promise_amount=40), paid(40, D(2026, 5, 20))])
    row = register(book, D(2026, 6, 30))["1", "2026-06-10"]
    assert (row["promise_state"], row["open_then"]) == ("broken", "60.00")


def test_days_to_go_are_negative_and_days_late_are_positive():
    book = book_of([item(promise_date=D(2026, 6, 10))])
    assert register(book, D(2026, 6, 4))["1", "2026-06-10"]["promise_days"] == -6
    assert register(book, D(2026, 6, 20))["1", "2026-06-10"]["promise_days"] == 10


def test_a_promise_typed_on_escalation_goes_before_the_ledger_and_a_wrong_cell_is_told():
    book = book_of([item(promise_date=D(2026, 6, 10)), item("2"), item("3")])
    typed = {"document_no": ["1", "2", "3"], "instalment": [None, None, None], "promise_date": [D(2026, 6, 20), None, "soon"], "promise_amount": [30.5, None, None]}
    sheet = report_of("promises", replace(book, previous={"escalation": typed}), D(2026, 6, 15))
    assert [(row["document_no"], row["promise_date"], row["promised_amount"]) for row in rows_of(sheet)] == [("1", "2026-06-20", "30.50")]
    assert "soon" in sheet.notes[0]


def test_a_promise_that_moves_leaves_the_old_one_in_the_register_as_replaced():
    first = report_of("promises", book_of([item(promise_date=D(2026, 6, 10))]), D(2026, 6, 5))
    moved = again(book_of([item(promise_date=D(2026, 6, 25))]), first)
    second = report_of("promises", moved, D(2026, 6, 9))
    assert {row["promise_date"]: row["promise_state"] for row in rows_of(second)} == {"2026-06-10": "replaced", "2026-06-25": "running"}
    later = report_of("promises", again(moved, second), D(2026, 7, 10))
    assert {row["promise_date"]: (row["promise_state"], row["noted_on"]) for row in rows_of(later)} == {
        "2026-06-10": ("replaced", "2026-06-05"), "2026-06-25": ("broken", "2026-06-09"),
    }  # fmt: skip


def test_a_new_promise_after_the_time_was_over_leaves_the_old_one_broken():
    first = report_of("promises", book_of([item(promise_date=D(2026, 6, 10))]), D(2026, 6, 5))
    row = register(again(book_of([item(promise_date=D(2026, 6, 25))]), first), D(2026, 6, 20))
    assert row["1", "2026-06-10"]["promise_state"] == "broken"
    assert row["1", "2026-06-10"]["broken_before"] == row["1", "2026-06-25"]["broken_before"] == 1


def test_a_promise_taken_back_while_it_ran_is_withdrawn():
    first = report_of("promises", book_of([item(promise_date=D(2026, 6, 10))]), D(2026, 6, 5))
    assert register(again(book_of([item()]), first), D(2026, 6, 8))["1", "2026-06-10"]["promise_state"] == "withdrawn"


def test_what_was_open_when_noted_stays_so_that_a_second_refresh_says_the_same():
    book = book_of([item(promise_date=D(2026, 6, 10)), paid(40, D(2026, 6, 4))])
    first = report_of("promises", book, D(2026, 6, 5))
    second = report_of("promises", again(book, first), D(2026, 6, 30))
    assert [row["open_then"] for row in rows_of(second)] == [row["open_then"] for row in rows_of(first)] == ["100.00"]
    assert rows_of(second)[0]["paid_in_time"] == "40.00"


def test_the_same_day_twice_gives_the_same_register():
    book = book_of([item(promise_date=D(2026, 6, 10)), item("2", promise_date=D(2026, 6, 1)), paid(40, D(2026, 6, 4))])
    first = report_of("promises", book, D(2026, 6, 5))
    assert rows_of(report_of("promises", again(book, first), D(2026, 6, 5))) == rows_of(first)


def test_deadlines_that_end_before_the_promise_are_named():
    policies = [{"policy_no": "P", "notice_days": 30, "max_extension_days": 60, "counted_from": "due date"}]
    book = book_of([item(promise_date=D(2026, 7, 15), policy_no="P")], policies=policies)
    assert register(book, D(2026, 6, 15))["1", "2026-07-15"]["beyond_clocks"] == "2026-06-30 overdue notice to insurer"
    early = book_of([item(promise_date=D(2026, 6, 30), policy_no="P")], policies=policies)
    assert register(early, D(2026, 6, 15))["1", "2026-06-30"]["beyond_clocks"] == ""


def test_a_year_later_a_promise_leaves_the_register():
    first = report_of("promises", book_of([item(promise_date=D(2026, 6, 10))]), D(2026, 6, 5))
    assert register(again(book_of([item()]), first), D(2027, 6, 13))
    assert not register(again(book_of([item()]), first), D(2027, 6, 14))


def test_instalments_of_one_document_have_promises_of_their_own():
    parts = [item(instalment=number, amount=50, due_date=D(2026, 4, number), promise_date=D(2026, 6, 10)) for number in (1, 2)]
    sheet = report_of("promises", book_of([*parts, paid(60, D(2026, 6, 8))]), D(2026, 6, 30))
    assert {row["instalment"]: (row["promise_state"], row["paid_in_time"]) for row in rows_of(sheet)} == {1: ("kept", "50.00"), 2: ("broken", "10.00")}


def test_the_words_are_chinese_where_asked_and_read_back():
    book = book_of([item(promise_date=D(2026, 6, 10))], {"language": "zh"})
    first = report_of("promises", book, D(2026, 6, 5))
    assert first.data["promise_state"].tolist() == ["进行中"]
    second = report_of("promises", again(book_of([item()], {"language": "zh"}), first), D(2026, 6, 8))
    assert second.data["promise_state"].tolist() == ["已撤销"]


days = st.dates(D(2026, 1, 1), D(2026, 7, 31))
documents = st.tuples(st.sampled_from("AB"), st.sampled_from(["invoice", "payment", "credit note"]), st.integers(1, 9_999), st.sampled_from([None, 0, 1, 2]), days, days)


@settings(max_examples=15, deadline=None)
@given(st.lists(documents, min_size=1, max_size=10), st.tuples(days, days))
def test_what_was_open_on_any_day_is_what_the_open_items_of_that_day_say(made, asked):
    ledger = [
        {"document_no": str(number), "customer_id": who, "document_type": kind, "amount": cents / 100, "document_date": day, "due_date": due,
         "reference": None if kind == "invoice" or to is None else str(to), "settled_date": due if kind == "invoice" and cents % 5 == 0 else None}
        for number, (who, kind, cents, to, day, due) in enumerate(made)
    ]  # fmt: skip
    book = book_of(ledger)
    table = book.tables["ledger"].filter(book.tables["ledger"]["usable"])
    rows = table["row"].to_numpy().astype(np.int64)
    each = [asked[number % 2] for number in range(len(rows))]
    got = open_on(book.tables["ledger"], rows, np.array(each, dtype="datetime64[D]"))
    for day in set(each):
        items = items_of(book, day)
        opened = dict(zip(items.table["row"].to_numpy()[items.applied].tolist(), items.money("open")[items.applied].tolist(), strict=True))
        assert {row: amount for row, one, amount in zip(rows.tolist(), each, got.tolist(), strict=True) if one == day} == {
            row: opened.get(row, 0) for row, one in zip(rows.tolist(), each, strict=True) if one == day
        }


def test_a_promise_typed_on_escalation_is_noted_kept_in_the_register_and_judged_in_a_closed_file(small):
    def run(day, **changes):
        book = open_book(small)
        page = book.sheets["Escalation"]
        header = page.tables["rpt_escalation"].header_row_range.value
        for column, value in changes.items():
            cells = page.range((8, 1), (7 + page.tables["rpt_escalation"].range.rows.count - 1, 1)).value
            page.range((8 + cells.index("INV-007"), 1 + header.index(column))).value = value
        made = refresh(book, today=day, as_of=day, keys=["escalation", "promises"])
        book.save()
        book.close()
        return {row["promise_date"]: row for row in rows_of(made.sheets["promises"])}

    run(D(2026, 6, 1))
    first = run(D(2026, 6, 2), **{"Promise date": D(2026, 6, 10), "Promise amount": 100.5})
    assert (first["2026-06-10"]["promise_state"], first["2026-06-10"]["promised_amount"]) == ("running", "100.50")
    second = run(D(2026, 6, 8), **{"Promise date": D(2026, 6, 20)})
    assert {day: (row["promise_state"], row["noted_on"]) for day, row in second.items()} == {
        "2026-06-10": ("replaced", "2026-06-02"), "2026-06-20": ("running", "2026-06-08"),
    }  # fmt: skip
    third = run(D(2026, 6, 30))
    assert {day: row["promise_state"] for day, row in third.items()} == {"2026-06-10": "replaced", "2026-06-20": "broken"}
    assert third["2026-06-20"]["open_then"] == second["2026-06-20"]["open_then"] == "1070.07"
