"""Payment plans: instalments paid, late and to come, and those beyond the insurer's longest extension."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of

D = dt.date
DAY = D(2026, 6, 30)
AGREED = D(2026, 4, 10)


def plan(number, due, amount, **more):
    return {"plan_no": "P1", "customer_id": "C1", "documents": "1", "agreed_on": AGREED, "instalment": number, "due_date": due, "currency": "CNY", "amount": amount, **more}


def invoice(number="1", **more):
    return {"document_no": number, "amount": 90, "due_date": D(2026, 3, 31), **more}


def paid(amount, day, reference="1"):
    return {"document_no": f"R{amount}{day}", "document_type": "payment", "reference": reference, "amount": amount, "document_date": day}


THREE = [plan(1, D(2026, 5, 1), 30), plan(2, D(2026, 6, 1), 30), plan(3, D(2026, 7, 1), 30)]


def states(ledger, plans=THREE, **tables):
    sheet = report_of("payment_plans", book_of(ledger, plans=plans, **tables), DAY)
    return {row["instalment"]: (row["plan_state"], row["plan_paid"], row["plan_late"]) for row in rows_of(sheet)}


def test_what_is_paid_after_the_agreement_pays_the_earliest_instalment_first():
    assert states([invoice(), paid(30, D(2026, 5, 1)), paid(10, D(2026, 6, 1))]) == {
        1: ("paid_in_time", "30.00", None), 2: ("is_late", "10.00", 29), 3: ("to_come", "0.00", None),
    }  # fmt: skip


def test_an_instalment_paid_after_its_day_is_paid_late():
    assert states([invoice(), paid(30, D(2026, 5, 2))])[1] == ("paid_late", "30.00", None)


def test_what_was_paid_before_the_agreement_pays_no_instalment():
    assert states([invoice(amount=120), paid(30, AGREED)])[1] == ("is_late", "0.00", 60)


def test_an_instalment_is_not_late_on_its_own_day():
    assert states([invoice()], [plan(1, DAY, 30)])[1][0] == "to_come"


def test_a_plan_covers_several_invoices_and_their_instalments():
    ledger = [invoice("1", amount=50), invoice("2", amount=20, instalment=1), invoice("2", amount=20, instalment=2, due_date=D(2026, 5, 31)), paid(40, D(2026, 4, 20), "2")]
    plans = [one | {"documents": "1; 2"} for one in THREE]
    assert states(ledger, plans)[1] == ("paid_in_time", "30.00", None)
    assert states(ledger, plans)[2] == ("is_late", "10.00", 29)


def test_a_plan_agreed_later_does_not_exist_yet():
    assert states([invoice()], [plan(1, D(2026, 9, 1), 30, agreed_on=D(2026, 7, 1))]) == {}


@pytest.mark.parametrize(("days", "flags"), [(30, {1: 1, 2: 32, 3: 62}), (31, {2: 31, 3: 61}), (93, {}), (92, {})])
def test_instalments_after_the_longest_extension_are_flagged_with_the_days(days, flags):
    policies = [{"policy_no": "N", "max_extension_days": days}]
    sheet = report_of("payment_plans", book_of([invoice(policy_no="N")], plans=THREE, policies=policies), DAY)
    rows = {row["instalment"]: row for row in rows_of(sheet)}
    assert {number: int(row["plan_flag"].split()[0]) for number, row in rows.items() if row["plan_flag"]} == flags
    assert rows[1]["extension_until"] == (D(2026, 3, 31) + dt.timedelta(days)).isoformat()
    assert "under N: the insurer must agree" in rows[3]["plan_flag"] or not flags


def test_an_instalment_already_paid_is_not_flagged_and_a_plan_without_policy_has_no_extension():
    policies = [{"policy_no": "N", "max_extension_days": 10}]
    sheet = report_of("payment_plans", book_of([invoice(policy_no="N"), paid(30, D(2026, 4, 30))], plans=THREE, policies=policies), DAY)
    assert [bool(row["plan_flag"]) for row in sorted(rows_of(sheet), key=lambda row: row["instalment"])] == [False, True, True]
    free = report_of("payment_plans", book_of([invoice()], plans=THREE), DAY)
    assert {row["extension_until"] for row in rows_of(free)} == {None}


def test_a_document_the_ledger_does_not_hold_is_told_with_its_plan():
    sheet = report_of("payment_plans", book_of([invoice()], plans=[plan(1, DAY, 30, documents="1, 9")]), DAY)
    assert sheet.problems[0].message == "plan P1 names 9, which the ledger does not hold for C1 in CNY"


def test_a_plan_of_more_than_was_open_and_a_document_in_two_plans_are_told():
    plans = [plan(1, DAY, 200), plan(1, DAY, 30, plan_no="P2")]
    messages = [finding.message for finding in report_of("payment_plans", book_of([invoice()], plans=plans), DAY).problems]
    assert messages == [
        "1 is in the plans P1, P2: what is paid on it counts in each",
        "plan P1 adds up to CNY 200.00, more than the CNY 90.00 that were open when it was agreed",
    ]


def test_plans_are_summed_with_what_was_open_and_the_next_date():
    sheet = report_of("payment_plans", book_of([invoice(), paid(30, D(2026, 5, 1))], plans=THREE), DAY)
    block = sheet.blocks[0].data
    assert (block["open_then"].tolist(), block["late"].tolist(), block["next"]) == ([900_000], [300_000], [D(2026, 7, 1)])


def test_no_plans_make_an_empty_register_and_chinese_words_come_where_asked():
    assert rows_of(report_of("payment_plans", book_of([invoice()]), DAY)) == []
    sheet = report_of("payment_plans", book_of([invoice()], {"language": "zh"}, plans=THREE), DAY)
    assert sheet.data["plan_state"].tolist() == ["逾期", "逾期", "未到期"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 200)), max_size=6), st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 120)), min_size=1, max_size=5))
def test_what_the_instalments_got_is_what_the_invoice_lost_up_to_the_plan(payments, instalments):
    ledger = [invoice(amount=100, document_date=D(2026, 1, 1))] + [paid(cents / 100, D(2026, 2, 1) + dt.timedelta(days)) for cents, days in payments]
    plans = [plan(number, AGREED + dt.timedelta(days), cents / 100) for number, (cents, days) in enumerate(instalments, start=1)]
    sheet = report_of("payment_plans", book_of(ledger, plans=plans), DAY)
    after = sum(cents for cents, days in payments if AGREED < D(2026, 2, 1) + dt.timedelta(days) <= DAY)
    before = sum(cents for cents, days in payments if D(2026, 2, 1) + dt.timedelta(days) <= AGREED)
    lost = max(min(after, 10_000 - before), 0)
    assert int(np.sum(sheet.data["plan_paid"])) == 100 * min(lost, sum(cents for cents, _ in instalments))
    assert all(check.ok for check in sheet.invariants)


def test_a_thousand_plans_that_do_not_fit_are_told_in_a_few_words_on_the_sheet_and_all_as_findings():
    plans = [plan(1, DAY, 200, plan_no=f"P{number}", documents="9") for number in range(1_000)]
    sheet = report_of("payment_plans", book_of([invoice()], plans=plans), DAY)
    assert (len(sheet.notes), len(sheet.problems)) == (3, 1_000)
