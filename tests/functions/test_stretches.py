"""Interest column by column on what was open in each stretch equals the claim that is written out line by line."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.claim import CIVIL_CODE_ORDER, PRINCIPAL_FIRST, interest_with_payments
from functions.late_rules import read_rule
from functions.stretches import SCALE, Reductions, accrued_interest, none_came
from xladdin.call import call
from xladdin.errors import CellError

D = dt.date
RULES = st.sampled_from(["CN-SME", "CN-SALE", "LPRx1.3", "LPRx4", "EU", "UK", 0.1, 0.0435, 0])
CAME = st.tuples(st.integers(-20, 500), st.integers(1, 3_000_000), st.booleans())
ITEM = st.tuples(st.integers(1, 10_000_000), st.integers(0, 900), st.sampled_from(["CNY", "JPY", "KWD", ""]), st.lists(CAME, max_size=5))


def day64(days):
    return np.array(days, dtype="datetime64[D]")


def came_of(items, dues):
    rows = [(row, due + dt.timedelta(day), amount * 100, price) for row, ((_, _, _, came), due) in enumerate(zip(items, dues, strict=True)) for day, amount, price in came]
    if not rows:
        return none_came()
    item, day, amount, price = zip(*rows, strict=True)
    return Reductions(np.array(item), day64(day), np.array(amount), np.array(price))


@settings(max_examples=150, deadline=None)
@given(st.lists(ITEM, min_size=1, max_size=6), RULES, st.integers(0, 700), st.booleans())
def test_p04_a_column_bears_the_interest_that_a_claim_states_line_by_line(items, rule, days, first):
    dues = [D(2022, 6, 1) + dt.timedelta(due) for _, due, _, _ in items]
    until = D(2022, 12, 1) + dt.timedelta(days)
    came = came_of(items, dues)
    principal = np.array([amount * 100 for amount, _, _, _ in items])
    currency = np.array([code for _, _, code, _ in items], dtype=object)
    found = accrued_interest(principal, day64(dues), day64([until] * len(items)), read_rule(rule), currency, came, interest_first=first)
    for row, ((amount, _, code, ones), due) in enumerate(zip(items, dues, strict=True)):
        events = [(due + dt.timedelta(day), units / 100, price) for day, units, price in ones]
        try:
            claim = interest_with_payments(
                amount / 100, due, until, rule, [event[:2] for event in events if not event[2]], currency=code,
                credit_notes=[event[:2] for event in events if event[2]], order=CIVIL_CODE_ORDER if first else PRINCIPAL_FIRST,
            )  # fmt: skip
        except CellError as error:
            refused = str(error)
            claim = None
        if claim is None:
            mask, why = found.failures[0]
            assert mask[row]
            assert str(why(row) if callable(why) else why) == refused
            continue
        assert not any(mask[row] for mask, _ in found.failures)
        paid = sum(one.interest for one in claim.allocations)
        assert found.interest[row] - found.paid[row] == round(claim.interest * SCALE)
        assert found.paid[row] == round(paid * SCALE)


@given(st.integers(1, 10**9), st.integers(0, 900), st.integers(0, 400), RULES, st.sampled_from(["CNY", "JPY", "KWD"]))
def test_p04_without_part_payments_it_is_what_lateinterest_says(cents, start, days, rule, code):
    due, until = D(2022, 6, 1) + dt.timedelta(start), D(2022, 6, 1) + dt.timedelta(start + days)
    found = accrued_interest(np.array([cents * 100]), day64([due]), day64([until]), read_rule(rule), np.array([code], dtype=object), none_came())
    answer = call("LATEINTEREST", cents / 100, due.isoformat(), until.isoformat(), rule, currency=code)
    if answer.value == "#N/A":
        assert found.failures[0][0][0]
    else:
        assert found.interest[0] == round(answer.value * SCALE)


def test_p04_interest_stops_on_each_part_on_its_own_day():
    came = Reductions(np.array([0]), day64(["2025-03-02"]), np.array([200 * SCALE]), np.array([False]))
    found = accrued_interest(np.array([1000 * SCALE]), day64(["2025-01-31"]), day64(["2025-04-01"]), read_rule(0.1), np.array(["EUR"], dtype=object), came)
    assert found.interest.tolist() == [147_900]


@pytest.mark.parametrize("amount", [10**14 * SCALE // 10, 10**17])
def test_p04_the_largest_amounts_are_counted_to_the_cent(amount):
    found = accrued_interest(np.array([amount]), day64(["2024-01-01"]), day64(["2024-12-31"]), read_rule(0.1), np.array(["VND"], dtype=object), none_came())
    assert found.interest[0] == (amount // 10 + SCALE // 2) // SCALE * SCALE  # 365 days
