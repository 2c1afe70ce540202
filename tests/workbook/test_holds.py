"""Whom to deliver nothing more on credit: every rule with its numbers, exclusions, grace days; and the new customer's gate."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.ledgers import book_of, report_of, rows_of

D = dt.date
DAY = D(2026, 6, 30)
OLD = {"customer_id": "C1", "first_trade": D(2020, 1, 1)}
CHECKED = {
    "register_verified": D(2026, 6, 1), "register_evidence": "extract", "statements_verified": D(2026, 6, 2), "statements_evidence": "accounts",
    "reputation_verified": D(2026, 6, 3), "reputation_evidence": "references",
}  # fmt: skip


def row_of(customer=OLD, ledger=(), given=None, **tables):
    sheet = report_of("scores_limits", book_of(list(ledger), given, customers=[customer], **tables), DAY)
    return rows_of(sheet)[0]


def hold(*args, **more):
    return row_of(*args, **more)["hold"]


def late(days, amount=100, **more):
    return {"document_no": f"I{days}-{amount}", "amount": amount, "due_date": DAY - dt.timedelta(days), **more}


@pytest.mark.parametrize(
    ("days", "given", "words"),
    [
        (60, {}, ""), (61, {}, "61 days past due, more than 60"), (70, {"hold_grace": 10}, ""),
        (71, {"hold_grace": 10}, "71 days past due, more than 60 and 10 of grace"),
        (61, {"hold_smallest": 100}, "61 days past due, more than 60"), (61, {"hold_smallest": 100.01}, ""),
    ],
)  # fmt: skip
def test_days_past_due_hold_after_the_grace_and_above_the_smallest_amount(days, given, words):
    assert hold(ledger=[late(days)], given=given) == words


def test_a_limit_that_ended_holds_after_the_grace():
    ended = OLD | {"credit_limit": 500, "limit_until": D(2026, 6, 25)}
    assert hold(ended) == "limit ended on 2026-06-25"
    assert hold(OLD | {"limit_until": DAY}) == ""
    assert hold(ended, given={"hold_grace": 5}) == ""
    assert hold(ended, given={"hold_grace": 4}) == "limit ended on 2026-06-25"


def test_an_overdue_amount_holds_above_the_setting_and_disputes_do_not_count():
    assert hold(ledger=[late(5)], given={"hold_overdue_amount": 99}) == "100 CNY overdue, more than 99"
    assert hold(ledger=[late(5)], given={"hold_overdue_amount": 100}) == ""
    disputed = late(5, disputed_amount=40, dispute_date=DAY)
    assert hold(ledger=[disputed], given={"hold_overdue_amount": 59}) == "60 CNY overdue, more than 59"
    assert hold(ledger=[disputed], given={"hold_overdue_amount": 60}) == ""


def test_an_overdue_share_of_the_limit_holds_above_the_setting_and_0_is_off():
    limit = OLD | {"credit_limit": 200}
    assert hold(limit, [late(5, 101)]) == "50% of the limit overdue, more than 50%"
    assert hold(limit, [late(5, 100)]) == ""
    assert hold(limit, [late(5, 150)], {"hold_overdue_share": 0}) == ""


def test_a_large_order_holds_with_its_number():
    orders = [{"order_no": f"A{amount}", "customer_id": "C1", "order_date": DAY, "currency": "CNY", "amount": amount, "invoiced_amount": 50} for amount in (300, 250)]
    assert hold(given={"hold_order_amount": 249}, orders=orders) == "order A300 of 250 CNY, more than 249"
    assert hold(given={"hold_order_amount": 250}, orders=orders) == ""


def test_terms_longer_than_the_contract_hold_for_new_invoices_but_not_for_instalments():
    contracts = [{"contract_no": "K", "customer_id": "C1", "credit_days": 30}]
    new = {"document_no": "1", "amount": 10, "document_date": D(2026, 6, 1), "due_date": D(2026, 7, 17), "contract_no": "K"}
    assert hold(ledger=[new], contracts=contracts) == "invoiced at 46 days, contract K says 30"
    assert hold(ledger=[new | {"due_date": D(2026, 7, 16)}], contracts=contracts) == ""
    assert hold(ledger=[new | {"instalment": 1}], contracts=contracts) == ""
    assert hold(ledger=[new | {"document_date": D(2026, 3, 1), "due_date": D(2026, 7, 20)}], contracts=contracts) == ""


@pytest.mark.parametrize(
    ("change", "gate", "words"),
    [
        ({}, "passed", ""),
        ({"statements_verified": None}, "closed", "new customer: statements not made"),
        ({"register_evidence": None}, "closed", "new customer: register without evidence"),
        ({"reputation_verified": D(2025, 6, 1)}, "closed", "new customer: reputation older than 12 months"),
        ({"reputation_verified": D(2026, 7, 1)}, "closed", "new customer: reputation dated later"),
        ({"first_trade": D(2025, 12, 29), "register_evidence": None}, "", ""),
    ],
)  # fmt: skip
def test_a_new_customer_passes_the_gate_with_three_verifications_their_dates_and_evidence(change, gate, words):
    row = row_of({"customer_id": "C1", "first_trade": D(2026, 3, 1)} | CHECKED | change)
    assert (row["gate"], row["hold"]) == (gate, words)


def test_the_verifications_show_their_dates_and_evidence():
    assert row_of(OLD | CHECKED | {"reputation_verified": None})["verifications"] == (
        "register 2026-06-01 (extract)\nstatements 2026-06-02 (accounts)\nreputation – (references)"
    )


def test_a_customer_without_trade_and_documents_is_new_and_one_with_documents_may_not_be():
    assert row_of({"customer_id": "C1"})["gate"] == "closed"
    assert row_of({"customer_id": "C1"}, [late(1)])["gate"] == ""


@pytest.mark.parametrize(
    ("excluded", "words"),
    [
        ("C1", "not held (excluded): 61 days past due, more than 60; limit ended on 2026-06-25"),
        ("late:c1", "limit ended on 2026-06-25"),
        ("late:public； expired: Public", "not held (excluded): 61 days past due, more than 60; limit ended on 2026-06-25"),
        ("order:C1", "61 days past due, more than 60; limit ended on 2026-06-25"),
    ],
)  # fmt: skip
def test_exclusions_by_customer_or_segment_for_all_rules_or_one(excluded, words):
    customer = OLD | {"segment": "Public", "limit_until": D(2026, 6, 25)}
    assert hold(customer, [late(61)], {"hold_excluded": excluded}) == words


def test_an_insolvent_customer_is_held_whatever_is_excluded_unless_the_rule_is_named():
    stopped = OLD | {"status": "insolvent"}
    assert hold(stopped, given={"hold_excluded": "C1"}) == "insolvent"
    assert hold(stopped, given={"hold_excluded": "status:C1"}) == "not held (excluded): insolvent"


@pytest.mark.parametrize("excluded", ["C9", "late:C9", "never:C1"])
def test_an_exclusion_that_names_nothing_is_told(excluded):
    sheet = report_of("scores_limits", book_of([], {"hold_excluded": excluded}, customers=[OLD]), DAY)
    assert f'"{excluded}" excludes nothing' in sheet.problems[0].message


def test_holds_are_counted_by_rule_with_the_exposure():
    book = book_of([late(61), late(70, 50, customer_id="C2")], customers=[OLD, {"customer_id": "C2", "first_trade": D(2020, 1, 1), "status": "hold"}])
    block = report_of("scores_limits", book, DAY).blocks[0].data
    assert list(zip(block["rule"], block["customers"], block["exposure"], strict=True)) == [("status", 1, 500_000), ("days past due", 2, 1_500_000)]


def test_the_default_probability_follows_the_sheet_grades():
    file = OLD | CHECKED | {"last_review": D(2026, 6, 1)}
    grades = [{"grade": "good", "from_score": 30, "default_probability": 0.01}, {"grade": "poor", "from_score": 0, "default_probability": 0.2}]
    row = row_of(file, grades=grades)
    assert (row["grade"], row["pd"]) == ("good", 0.01)
    assert row_of(file)["pd"] > 0
    broken = report_of("scores_limits", book_of([], customers=[file], grades=[{"grade": "a", "from_score": 1}, {"grade": "b", "from_score": 1}]), DAY)
    assert "the default grades are used" in broken.problems[0].message


def test_words_are_chinese_where_asked():
    row = row_of({"customer_id": "C1", "first_trade": D(2026, 3, 1)}, [late(61)], {"language": "zh"})
    assert row["gate"] == "未通过"
    assert row["hold"] == "新客户：工商登记未验证、财务报表未验证、商业口碑未验证；逾期 61 天，超过 60 天"
