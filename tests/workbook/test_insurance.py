"""Insurance: who is insured for how much, why the rest is not, and that the parts add up to the ledger."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.reports.insurance_cover import covers
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 30)
POLICY = {
    "policy_no": "P", "cover": 0.9, "valid_from": D(2026, 1, 1), "valid_until": D(2026, 12, 31), "notice_days": 60, "max_extension_days": 60,
    "collections_days": 90, "waiting_days": 180, "claim_until_days": 365, "counted_from": "due date",
}  # fmt: skip


def insured(ledger, *, limit=500, policies=(POLICY,), **given):
    """The report's rows by customer, for a ledger of customer C1."""
    customers = [{"customer_id": "C1", "insured_limit": limit}]
    book = book_of([{"document_no": f"I{n}", "policy_no": "P"} | row for n, row in enumerate(ledger)], given, customers=customers, policies=list(policies))
    sheet = report_of("insurance", book, DAY)
    assert all(check.ok for check in sheet.invariants)
    return sheet, {row["customer_id"]: row for row in rows_of(sheet)}


@pytest.mark.parametrize(
    ("ledger", "limit", "parts", "why"),
    [
        ([{"amount": 400}], 500, ("360.00", "40.00"), "own share CNY 40.00"),
        ([{"amount": 800}], 500, ("450.00", "350.00"), "CNY 300.00 above the limit; own share CNY 50.00"),
        ([{"amount": 400}], None, ("0.00", "400.00"), "CNY 400.00 without a limit from the insurer"),
        ([{"amount": 400}], 0, ("0.00", "400.00"), "CNY 400.00 above the limit"),
        ([{"amount": 400, "policy_no": None}], 500, ("0.00", "400.00"), "CNY 400.00 without a policy in force"),
        ([{"amount": 400, "document_date": D(2025, 12, 31)}], 500, ("0.00", "400.00"), "CNY 400.00 without a policy in force"),
        ([{"amount": 400, "disputed_amount": 100}], 500, ("270.00", "130.00"), "CNY 100.00 disputed; own share CNY 30.00"),
        ([{"amount": 400}, {"document_type": "payment", "amount": 100, "policy_no": None}], 500, ("270.00", "30.00"), "own share CNY 30.00"),
    ],
)  # fmt: skip
def test_a_balance_is_insured_up_to_the_limit_and_the_rest_is_explained(ledger, limit, parts, why):
    row = insured(ledger, limit=limit)[1]["C1"]
    assert (row["insured"], row["uninsured"], row["uninsured_why"]) == (*parts, why)


@pytest.mark.parametrize(("balance", "limit", "cover"), [(950_000, 1_000_000, 0.9), (800_000, 500_000, 0.9), (123.45, 100, 0.85), (50, None, 0.9)])
def test_the_uninsured_part_is_that_of_the_function_uninsured(balance, limit, cover):
    row = insured([{"amount": balance}], limit=limit, policies=[POLICY | {"cover": cover}])[1]["C1"]
    assert float(row["uninsured"]) == call("UNINSURED", balance, limit, cover).value


def test_a_credit_balance_needs_no_insurance():
    row = insured([{"amount": 100}, {"document_type": "payment", "amount": 150}])[1]["C1"]
    assert (row["outstanding"], row["insured"], row["uninsured"], row["uninsured_why"]) == ("-50.00", "0.00", "0.00", "")


def test_unapplied_money_beyond_the_insured_debt_reduces_the_rest():
    row = insured([{"amount": 100, "policy_no": None}, {"document_type": "payment", "amount": 30, "policy_no": None}])[1]["C1"]
    assert (row["uninsured"], row["uninsured_why"]) == ("70.00", "CNY 70.00 without a policy in force")


def test_two_policies_cover_their_own_parts():
    other = POLICY | {"policy_no": "Q", "cover": 0.5}
    row = insured([{"amount": 100}, {"amount": 300, "policy_no": "Q"}], limit=1000, policies=[POLICY, other])[1]["C1"]
    assert (row["policy"], row["insured"]) == ("P, Q", "240.00")


def test_a_policy_without_cover_is_said_and_counts_ninety_percent():
    sheet, rows = insured([{"amount": 100}], policies=[POLICY | {"cover": None}])
    assert rows["C1"]["insured"] == "90.00"
    assert [problem.message for problem in sheet.problems] == ["policy P has no cover: 90 % is assumed"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["C1", "C2"]), st.sampled_from(["CNY", "USD"]), st.sampled_from(["invoice", "payment", "credit note"]),
            st.integers(1, 90_000), st.sampled_from(["P", None, "none such"]), st.integers(0, 50_000),
        ),
        max_size=12,
    ),
    st.one_of(st.none(), st.integers(0, 900)),
)  # fmt: skip
def test_insured_and_uninsured_parts_add_up_to_the_ledger_and_to_scores(rows, limit):
    ledger = [
        {"document_no": f"I{n}", "customer_id": who, "currency": code, "document_type": kind, "amount": cents / 100, "policy_no": policy, "disputed_amount": odd / 100}
        for n, (who, code, kind, cents, policy, odd) in enumerate(rows)
    ]
    customers = [{"customer_id": "C1", "insured_limit": limit}, {"customer_id": "C2", "insured_limit": 300}]
    rates = [{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7.1234}]
    book = book_of(ledger, customers=customers, policies=[POLICY], rates=rates)
    sheet = report_of("insurance", book, DAY)
    assert all(check.ok for check in sheet.invariants)
    cover = covers(book, book.settings, DAY)
    assert (sum(cover.reasons.values()) == cover.uninsured).all()
    assert all((part >= 0).all() for part in cover.reasons.values())
    scores = report_of("scores_limits", book, DAY)
    assert sum(sheet.data["outstanding"]) == sum(scores.data["outstanding"])
    assert all(part >= 0 for key in ("insured", "uninsured", "insurable") for part in sheet.data[key])


def clocks(ledger, policy=POLICY, limit=10_000):
    """What the block of the clocks says, by document."""
    sheet, rows = insured(ledger, limit=limit, policies=[policy])
    found = next((block.data for block in sheet.blocks if "what_to_do" in block.data), {"document_no": [], "what_to_do": []})
    return dict(zip(found["document_no"], found["what_to_do"], strict=True)), rows["C1"], sheet


@pytest.mark.parametrize(
    ("item", "words", "danger"),
    [
        ({"due_date": D(2026, 4, 30)}, "not reported by 2026-06-29: report today, the cover is in danger", "90.00"),
        ({"due_date": D(2026, 5, 1)}, "report to the insurer by 2026-06-30", None),
        ({"due_date": D(2026, 5, 20)}, None, None),
        ({"due_date": D(2026, 4, 30), "reported_on": D(2026, 6, 29)}, None, None),
        ({"due_date": D(2026, 4, 30), "reported_on": D(2026, 6, 30)}, "reported late, on 2026-06-30: ask the insurer to confirm the cover", "90.00"),
        ({"due_date": D(2026, 3, 31), "reported_on": D(2026, 4, 5)}, "to be with collections since 2026-06-29", None),
        (
            {"due_date": D(2026, 5, 20), "promise_date": D(2026, 7, 20)},
            "promised for after the longest extension of 2026-07-19: ask for consent", "90.00",
        ),
    ],
)  # fmt: skip
def test_a_missed_clock_of_the_policy_is_named_item_by_item(item, words, danger):
    found, row, _ = clocks([{"amount": 100, "disputed_amount": 10, "dispute_date": D(2026, 1, 2)} | item])
    assert (found.get("I0"), row["at_risk"]) == (words, danger)


def test_cover_is_lost_when_the_claim_window_has_closed():
    short = POLICY | {"notice_days": 10, "collections_days": 20, "waiting_days": 30, "claim_until_days": 60}
    found, row, _ = clocks([{"amount": 100, "due_date": D(2026, 4, 30), "reported_on": D(2026, 5, 1)}], short)
    assert found["I0"] == "cover lost: the claim window closed on 2026-06-29; to be with collections since 2026-05-20"
    assert row["broken"] == 1


def test_a_policy_without_clocks_is_said_in_one_line_and_nothing_is_lost():
    bare = {key: value for key, value in POLICY.items() if not key.endswith("_days")}
    _, row, sheet = clocks([{"amount": 100, "due_date": D(2026, 4, 30)}], bare)
    assert row["insured"] == "90.00"
    assert [problem.message for problem in sheet.problems] == [
        (
            "policy P has no Overdue notice, Longest extension, Collections, Waiting period, Claim until: "
            "these clocks cannot be dated, so nothing warns of them"
        ),
    ]


def test_a_policy_whose_days_count_from_an_extension_it_does_not_state_names_that():
    policy = POLICY | {"counted_from": "extension end", "max_extension_days": None}
    _, _, sheet = clocks([{"amount": 100, "due_date": D(2026, 4, 30)}], policy)
    assert [problem.message.split(":")[0] for problem in sheet.problems] == ["policy P has no Longest extension"]


def test_the_insured_base_is_that_of_aging_in_every_currency():
    ledger = [
        {"document_no": "A", "amount": 120.5, "policy_no": "P", "disputed_amount": 20},
        {"document_no": "B", "amount": 77, "currency": "USD"},
        {"document_no": "C", "document_type": "payment", "amount": 30, "currency": "USD"},
        {"document_no": "D", "customer_id": "C2", "document_type": "credit note", "amount": 5},
    ]
    book = book_of(ledger, policies=[POLICY], rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}])
    cover = covers(book, book.settings, DAY)
    aging = report_of("aging", book, DAY)
    assert cover.by_currency == {code: aging.total_keys[code]["outstanding"] for code in ("CNY", "USD")}


def test_a_promise_typed_into_escalation_is_held_against_the_longest_extension():
    book = book_of([{"document_no": "1", "amount": 100, "policy_no": "P", "due_date": D(2026, 5, 20)}], customers=[{"customer_id": "C1", "insured_limit": 900}], policies=[POLICY])
    typed = {"document_no": ["1"], "instalment": [None], "promise_date": [D(2026, 7, 20)], "promise_amount": [None]}
    sheet = report_of("insurance", dataclasses.replace(book, previous={"escalation": typed}), DAY)
    block = next(block.data for block in sheet.blocks if "what_to_do" in block.data)
    assert block["what_to_do"] == ["promised for after the longest extension of 2026-07-19: ask for consent"]
