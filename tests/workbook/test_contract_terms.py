"""The contract check: every rule, each way it can turn out."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.ledgers import book_of, report_of, rows_of

D = dt.date
GOOD = {
    "contract_no": "K1", "customer_id": "C1", "signed": D(2025, 3, 1), "value": 1000, "currency": "CNY", "prepaid": 300, "instalments": 2,
    "credit_days": 60, "penalty_daily": 0.0005, "dispute": "court", "forum": "Shanghai", "governing_law": "CN", "retention_of_title": True,
}  # fmt: skip


def verdict(rule, ledger=(), settings=None, **changes):
    book = book_of(list(ledger), settings, contracts=[{**GOOD, **changes}], customers=[{"customer_id": "C1", "name": "Acme"}])
    return next(row for row in rows_of(report_of("contract_terms", book, "2026-06-30")) if row["rule"] == rule)


def test_a_good_contract_passes_every_rule():
    book = book_of([], contracts=[GOOD])
    rows = rows_of(report_of("contract_terms", book, "2026-06-30"))
    assert [row["result"] for row in rows] == ["pass"] * 8
    assert list(rows[0]) == ["contract_no", "customer_id", "name", "rule", "result", "found", "difference", "required", "advice", "text_says"]


@pytest.mark.parametrize(
    ("rule", "changes", "result"),
    [
        ("prepayment", {"prepaid": 299.99}, "fail"),
        ("prepayment", {"prepaid": 300}, "pass"),
        ("prepayment", {"prepaid": None}, "missing"),
        ("payment_terms", {"instalments": None, "credit_days": None}, "missing"),
        ("penalty", {"penalty_daily": None}, "missing"),
        ("penalty", {"penalty_daily": 0}, "missing"),
        ("penalty", {"penalty_daily": 0.003}, "fail"),
        ("dispute", {"dispute": "none"}, "missing"),
        ("dispute", {"dispute": "arbitration"}, "pass"),
        ("jurisdiction", {"forum": None}, "missing"),
        ("jurisdiction", {"cross_border": True}, "fail"),
        ("jurisdiction", {"cross_border": True, "dispute": "arbitration", "forum": "CIETAC"}, "pass"),
        ("jurisdiction", {"cross_border": True, "dispute": "arbitration", "forum": "CIETAC", "governing_law": None}, "missing"),
        ("retention_of_title", {"retention_of_title": False}, "fail"),
        ("retention_of_title", {"retention_of_title": None}, "missing"),
        ("legal_review", {"value": 1_000_000}, "missing"),
        ("legal_review", {"value": 999_999}, "pass"),
        ("legal_review", {"cross_border": True}, "missing"),
        ("legal_review", {"cross_border": True, "legal_review_by": "Li", "legal_review_date": D(2025, 2, 1)}, "pass"),
    ],
)  # fmt: skip
def test_a_rule_turns_out_as_its_terms_say(rule, changes, result):
    row = verdict(rule, **changes)
    assert row["result"] == result
    assert bool(row["advice"]) == (result != "pass")


@pytest.mark.parametrize(("days", "result"), [(60, "pass"), (61, "fail")])
def test_more_than_sixty_days_late_calls_for_legal_collection(days, result):
    item = {"document_no": "I1", "amount": 1, "document_date": D(2026, 1, 1), "due_date": D(2026, 6, 30) - dt.timedelta(days), "contract_no": "K1"}
    assert verdict("collection", [item])["result"] == result


def test_the_review_threshold_is_in_the_report_currency():
    book = book_of([], contracts=[{**GOOD, "currency": "USD", "value": 150_000}], rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7.0}])
    rows = rows_of(report_of("contract_terms", book, "2026-06-30"))
    assert next(row["result"] for row in rows if row["rule"] == "legal_review") == "missing"


def test_failures_stand_first():
    book = book_of([], contracts=[GOOD, {**GOOD, "contract_no": "K2", "prepaid": 0, "dispute": None}])
    assert [row["result"] for row in rows_of(report_of("contract_terms", book, "2026-06-30"))][:2] == ["fail", "missing"]


def test_no_contracts_is_an_empty_check():
    sheet = report_of("contract_terms", book_of([]), "2026-06-30")
    assert (sheet.rows, [check.ok for check in sheet.invariants]) == (0, [True])


def test_the_check_speaks_chinese():
    row = verdict("prepayment", settings={"language": "zh"}, prepaid=100)
    assert (row["result"], row["required"], row["advice"]) == ("fail", "预付至少30%", "预付款再增加CNY 200.00，或对差额投保。")
    advice = verdict("penalty", settings={"language": "zh"}, penalty_daily=0.02)["advice"]
    assert advice.endswith("过高部分法院可酌减（民法典第585条）。日2.0000%，超过上限0.0500%")
    book = book_of([], {"language": "zh"}, contracts=[GOOD | {"prepaid": 100}])
    assert set(report_of("contract_terms", book, "2026-06-30").data["result"]) == {"不合格", "合格"}
