"""Interest on what was open in each stretch: the same on Escalation, in letters and in a claim pack, wherever the ledger lies."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from tests.workbook.test_claim_pack import events, ledger_of
from workbook.claim.debt import debt_of
from workbook.large.attach import with_ledger
from workbook.refresh import make_reports
from workbook.settlements import match_in_order
from xladdin.errors import BadRequest

D = dt.date
DAY = D(2026, 6, 15)
RATE = {"interest_rule": "0.1"}
LATE = [
    {"document_no": "I1", "amount": 1000, "currency": "EUR", "document_date": D(2025, 1, 1), "due_date": D(2025, 1, 31)},
    {"document_no": "P1", "document_type": "payment", "amount": 200, "currency": "EUR", "document_date": D(2025, 3, 2), "reference": "I1"},
]
APRIL = D(2025, 4, 1)


def test_p04_interest_runs_on_what_was_open():
    """L1: 1,000 x 10 % x 30 / 365 + 800 x 10 % x 30 / 365, not 800 x 10 % x 60 / 365."""
    book = book_of(LATE, RATE)
    assert rows_of(report_of("escalation", book, APRIL))[0]["interest"] == "14.79"
    assert debt_of(book, book.settings, "C1", APRIL).sums() == {"EUR": (8_000_000, 0, 147_900)}


@pytest.mark.parametrize("kind", ["payment", "credit note", "advance", "adjustment"])
def test_p04_every_kind_of_reduction_ends_the_interest_on_its_part(kind):
    book = book_of([LATE[0], LATE[1] | {"document_type": kind}], RATE)
    assert rows_of(report_of("escalation", book, APRIL))[0]["interest"] == "14.79"


def test_p04_an_amount_settled_on_its_row_counts_from_its_day():
    row = LATE[0] | {"settled_amount": 200, "settled_date": D(2025, 3, 2)}
    assert rows_of(report_of("escalation", book_of([row], RATE), APRIL))[0]["interest"] == "14.79"


def test_p04_cash_on_account_ends_the_interest_of_what_it_settles_on_its_day():
    ledger = [LATE[0], LATE[1] | {"reference": None}]
    rows = {way: rows_of(report_of("escalation", book_of(ledger, RATE | {"unapplied": way}), APRIL)) for way in ("oldest first", "own column")}
    assert [(way, one[0]["open_amount"], one[0]["interest"]) for way, one in rows.items()] == [
        ("oldest first", "800.00", "14.79"), ("own column", "1000.00", "16.44"),
    ]  # fmt: skip


def test_p04_what_is_disputed_bears_none_in_any_stretch():
    row = LATE[0] | {"disputed_amount": 100}
    made = rows_of(report_of("escalation", book_of([row, LATE[1]], RATE), APRIL))[0]
    assert made["interest"] == f"{round((900 + 700) * 0.1 * 30 / 365, 2):.2f}"


PAID = [LATE[0], LATE[1] | {"amount": 1000}]


def test_p04_interest_is_still_owed_on_an_invoice_that_was_paid_late():
    """L2: 1,000 x 10 % x 30 / 365, by the setting Claim interest on paid invoices."""
    book = book_of(PAID, RATE | {"interest_on_paid": "yes"})
    sheet = report_of("escalation", book, APRIL)
    block = sheet.blocks[-1]
    assert block.title == "Interest still owed on invoices paid late (not in the totals above)"
    assert ([*block.data["document_no"]], [*block.data["interest"]], [*block.data["paid_on"]]) == (["I1"], [82_200], [D(2025, 3, 2)])
    found = debt_of(book, book.settings, "C1", APRIL)
    assert found.sums() == {"EUR": (0, 0, 82_200)}
    assert all(check.ok for check in found.invariants(""))
    silent = book_of(PAID, RATE)
    assert report_of("escalation", silent, APRIL).blocks == []
    with pytest.raises(BadRequest, match="owes nothing"):
        debt_of(silent, silent.settings, "C1", APRIL)


def test_p04_an_invoice_settled_on_its_own_row_and_instalments_paid_late_owe_interest_too():
    ledger = [
        {"document_no": "A", "amount": 1000, "due_date": D(2026, 1, 31), "settled_date": D(2026, 3, 2)},
        {"document_no": "B", "amount": 500, "due_date": D(2026, 2, 1), "instalment": 1},
        {"document_no": "B", "amount": 500, "due_date": D(2026, 5, 1), "instalment": 2},
        {"document_no": "P", "document_type": "payment", "amount": 700, "document_date": D(2026, 3, 3), "reference": "B"},
        {"document_no": "C", "amount": 10, "due_date": D(2026, 5, 1), "settled_date": D(2026, 5, 1)},
    ]
    block = report_of("escalation", book_of(ledger, RATE | {"interest_on_paid": "yes"}), DAY).blocks[-1]
    assert list(zip(block.data["document_no"], block.data["instalment"], block.data["interest"], strict=True)) == [
        ("A", None, 82_200), ("B", 1, 41_100),
    ]  # fmt: skip


def owed_both(rows, given):
    book = book_of(ledger_of(rows), given)
    try:
        debt = debt_of(book, book.settings, "C1", DAY)
    except BadRequest:
        assume(False)
        raise
    return book, debt


@settings(max_examples=60, deadline=None)
@given(st.lists(events, min_size=1, max_size=14), st.sampled_from(["as booked", "costs and interest first"]), st.sampled_from(["CN-SME", "0.36"]))
def test_p04_escalation_and_claim_pack_state_one_interest_whatever_was_paid(rows, allocation, rule):
    """Open amount and interest are the claim, to the cent, item by item."""
    book, debt = owed_both(rows, {"allocation": allocation, "interest_rule": rule})
    listed = report_of("escalation", book, DAY).data
    mine = {}
    for row in range(len(listed["document_no"])):
        key = (listed["document_no"][row], listed["instalment"][row], listed["currency"][row], listed["due_date"][row].item())
        mine.setdefault(key, []).append(int(listed["open_amount"][row] + listed["interest"][row]))
    claimed = {}
    for one in debt.items:
        if one.due_date < DAY:
            claimed.setdefault((one.document_no, one.instalment, one.currency, one.due_date), []).append(one.principal + one.interest)
    assert {key: sorted(values) for key, values in mine.items()} == {key: sorted(values) for key, values in claimed.items()}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_p04_amounts_fill_what_is_wanted_in_their_order(came, wanted, skip):
    """As by hand: unit by unit, the first that came goes to the first that wants."""
    columns = [np.array([one[at] for one in ones], dtype=np.int64) for ones in (came, wanted) for at in (0, 1)]
    found = {}
    for a, b, amount in zip(*(part.tolist() for part in match_in_order(*columns, np.array(skip, dtype=np.int64))), strict=True):
        assert amount > 0
        found[a, b] = found.get((a, b), 0) + amount
    expected = {}
    for code in range(4):
        units = [row for row, (group, amount) in enumerate(came) if group == code for _ in range(amount)][skip[code] :]
        wants = [row for row, (group, amount) in enumerate(wanted) if group == code for _ in range(amount)]
        for pair in zip(units, wants, strict=False):
            expected[pair] = expected.get(pair, 0) + 1
    assert found == expected


@pytest.mark.parametrize("fits", [True, False])
def test_p04_a_ledger_elsewhere_bears_the_same_interest_to_the_cent(fits, tmp_path, monkeypatch):
    draw = np.random.default_rng(4)
    ledger = []
    for n in range(60):
        due = D(2026, 1, 1) + dt.timedelta(int(draw.integers(0, 120)))
        size = float(draw.integers(10_000, 900_000)) / 100
        parts = 1 + n % 3
        for part in range(parts):
            row = {"document_no": f"I{n}", "amount": size, "document_date": D(2025, 12, 1), "due_date": due + dt.timedelta(20 * part), "customer_id": f"C{n % 7}"}
            ledger.append(row | {"instalment": part + 1 if parts > 1 else None, "currency": ("CNY", "JPY", "EUR")[n % 3]})
        if n % 5 == 0:
            ledger[-1] |= {"settled_amount": size / 4 // 1, "settled_date": due + dt.timedelta(25)}
        for number in range(n % 4):
            day = due + dt.timedelta(int(draw.integers(-10, 60)))
            ledger.append({
                "document_no": f"P{n}-{number}", "document_type": ("payment", "credit note")[number % 2], "amount": size / 3 // 1, "reference": f"I{n}",
                "document_date": day, "customer_id": f"C{n % 7}", "currency": ("CNY", "JPY", "EUR")[n % 3],
            })  # fmt: skip
    given = {"interest_rule": "0.1234", "interest_on_paid": "yes"}
    book = book_of(ledger, given)
    table = book.tables["ledger"]
    pq.write_table(table.select([name for name in table.column_names if name not in ("row", "usable") and not pa.types.is_null(table[name].type)]), tmp_path / "ledger.parquet")
    here = report_of("escalation", book, DAY)
    if not fits:
        monkeypatch.setattr("workbook.large.ledger.LargeLedger.fits", False)
    changed = replace(book, settings=book.settings.model_copy(update={"ledger": str(tmp_path / "ledger.parquet")}))
    with with_ledger(changed, said=True) as whole:
        there = make_reports(whole, whole.settings, DAY, ["escalation"]).sheets["escalation"]
        assert there.data["interest"].tolist() == here.data["interest"].tolist()
        assert [list(there.blocks[-1].data[key]) for key in ("document_no", "interest")] == [list(here.blocks[-1].data[key]) for key in ("document_no", "interest")]
        assert here.blocks[-1].data["interest"]
        assert debt_of(whole, whole.settings, "C1", DAY).sums() == debt_of(book, book.settings, "C1", DAY).sums()
