"""The register of disputes: age, who must act, what is blocked, and its tie to Aging."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.reports.disputes import REASON_WORDS

D = dt.date
DAY = D(2026, 6, 30)


def item(number="1", **more):
    return {"document_no": number, "amount": 100, "due_date": D(2026, 5, 31), "disputed_amount": 40, "dispute_date": D(2026, 5, 21), **more}


def only(book, day=DAY):
    (row,) = rows_of(report_of("disputes", book, day))
    return row


def test_age_counts_from_the_day_the_dispute_was_raised_and_the_term_from_it():
    row = only(book_of([item()]))
    assert (row["dispute_age"], row["act_by"], row["dispute_late"]) == (40, "2026-06-20", 10)
    assert (row["disputed_amount"], row["open_amount"], row["dispute_share"]) == ("40.00", "100.00", 0.4)


def test_a_dispute_within_its_term_is_not_late():
    assert only(book_of([item()], {"dispute_days": 40}))["dispute_late"] is None
    assert only(book_of([item()], {"dispute_days": 39}))["dispute_late"] == 1


def test_a_dispute_without_a_date_is_aged_from_the_document_and_said():
    sheet = report_of("disputes", book_of([item(dispute_date=None, document_date=D(2026, 6, 1))]), DAY)
    assert rows_of(sheet)[0]["dispute_age"] == 29
    assert "1 disputed item has no date" in sheet.problems[0].message


def test_a_dispute_raised_later_or_on_a_paid_item_is_none():
    assert rows_of(report_of("disputes", book_of([item()]), D(2026, 5, 20))) == []
    paid = {"document_no": "P", "document_type": "payment", "reference": "1", "amount": 100, "document_date": D(2026, 6, 1)}
    assert rows_of(report_of("disputes", book_of([item(), paid]), DAY)) == []


def test_never_more_is_disputed_than_is_open():
    paid = {"document_no": "P", "document_type": "payment", "reference": "1", "amount": 75, "document_date": D(2026, 6, 1)}
    assert only(book_of([item(), paid]))["disputed_amount"] == "25.00"


@pytest.mark.parametrize(
    ("reason", "who", "who_zh"),
    [
        ("Quality", "Quality control", "质量部门"), ("短少", "Warehouse", "仓储部门"), ("wrong price", "Sales", "销售部门"),
        ("delivery", "Logistics", "物流部门"), ("documents", "Documents desk", "单证部门"), (None, "Credit control", "信用管理部门"), ("?", "Credit control", "信用管理部门"),
    ],
)  # fmt: skip
def test_the_reason_says_which_department_must_act(reason, who, who_zh):
    sheets = [report_of("disputes", book_of([item(dispute_reason=reason)], {"language": language}), DAY) for language in ("en", "zh")]
    assert [sheet.data["must_act"][0] for sheet in sheets] == [who, who_zh]
    assert rows_of(sheets[0])[0]["must_act"] in (*REASON_WORDS, "act_other")


def test_what_is_blocked_names_the_part_and_the_policy():
    part = only(book_of([item(policy_no="P1")], policies=[{"policy_no": "P1"}]))["blocked"]
    assert part == "CNY 40.00 not escalated, the rest is; claim under P1 until settled"
    assert only(book_of([item(disputed_amount=500)]))["blocked"] == "escalation held in full"


def test_the_oldest_dispute_stands_first_and_reasons_are_summed():
    book = book_of([item("1"), item("2", dispute_date=D(2026, 3, 1), dispute_reason="price"), item("3", currency="USD")])
    sheet = report_of("disputes", book, DAY)
    assert [row["document_no"] for row in rows_of(sheet)] == ["2", "1", "3"]
    block = sheet.blocks[0].data
    assert list(zip(block["reason"], block["currency"], block["amount"].tolist(), strict=True)) == [
        ("(no reason given)", "CNY", 400_000), ("(no reason given)", "USD", 400_000), ("price", "CNY", 400_000),
    ]  # fmt: skip


documents = st.tuples(
    st.sampled_from("AB"), st.sampled_from(["CNY", "USD"]), st.sampled_from(["invoice", "payment", "credit note"]),
    st.integers(1, 99_999), st.integers(0, 99_999), st.sampled_from([None, *range(8)]),
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.lists(documents, max_size=12), st.sampled_from(["own column", "by date", "oldest first"]))
def test_disputes_add_up_to_the_disputed_column_of_aging_to_the_cent(made, unapplied):
    ledger = [
        {"document_no": str(number), "customer_id": who, "currency": currency, "document_type": kind, "amount": cents / 100,
         "disputed_amount": disputed / 100 if kind == "invoice" and disputed else None, "reference": None if kind == "invoice" or reference is None else str(reference)}
        for number, (who, currency, kind, cents, disputed, reference) in enumerate(made)
    ]  # fmt: skip
    book = book_of(ledger, {"unapplied": unapplied})
    sheet, aging = report_of("disputes", book, DAY), report_of("aging", book, DAY)
    assert {key: total["disputed_amount"] for key, total in sheet.total_keys.items()} == {
        key: total["disputed"] for key, total in aging.total_keys.items() if total["disputed"]
    }
    assert all(check.ok for check in sheet.invariants)
