"""Due diligence: tiers, what is missing, the calendar of reviews, and the cost saved by reports."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 30)
CODE = "91110000600037341L"
CHECKED = {
    "register_verified": D(2026, 6, 1), "register_evidence": "extract", "statements_verified": D(2026, 6, 2), "statements_evidence": "accounts",
    "reputation_verified": D(2026, 6, 3), "reputation_evidence": "references", "register_no": CODE, "country": "CN", "first_trade": D(2020, 1, 1),
}  # fmt: skip
COMPLETE = CHECKED | {
    "current_assets": 1, "total_assets": 2, "current_liabilities": 1, "total_liabilities": 1, "sales": 5, "credit_limit": 9_999,
    "litigation_count": 0, "bank_grade": "A",
}  # fmt: skip
CONTRACT = {"contract_no": "K", "customer_id": "C1", "legal_review_date": D(2026, 1, 1)}


def owing(*amounts):
    """Customers C1, C2 … with one open invoice each."""
    return [{"document_no": f"I{number}", "customer_id": f"C{number}", "amount": amount} for number, amount in enumerate(amounts, start=1)]


def rows(book):
    return {row["customer_id"]: row for row in rows_of(report_of("due_diligence", book, DAY))}


@pytest.mark.parametrize(
    ("amounts", "given", "deep"),
    [
        ((900, 500, 300, 200, 100), {}, {"C1"}),
        ((900, 900, 300, 200, 100), {}, {"C1", "C2"}),  # ties go in together
        ((900, 500, 300, 200, 100, 50), {}, {"C1", "C2"}),  # the count is rounded up
        ((900, 500, 300, 200, 100), {"dd_rule": "value"}, {"C1", "C2", "C3"}),
        ((900, 500, 300, 200, 100), {"dd_share": 0.6}, {"C1", "C2", "C3"}),
    ],
)  # fmt: skip
def test_the_top_share_by_exposure_is_deep(amounts, given, deep):
    found = rows(book_of(owing(*amounts), given))
    assert {name for name, row in found.items() if row["dd_tier"] == "deep"} == deep
    assert [row["dd_rank"] for row in found.values()] == list(range(1, len(amounts) + 1))


def test_the_tiers_are_those_of_the_function_ddtier():
    amounts = [70, 70, 10, 40, 5, 3, 2, 1]
    found = rows(book_of(owing(*amounts)))
    expected = [value[0] for value in call("DDTIER", [[amount] for amount in amounts], [[amount] for amount in amounts]).value]
    assert [found[f"C{number}"]["dd_tier"] for number in range(1, 9)] == expected


def test_who_is_not_on_the_sheet_customers_is_in_the_total_in_a_line_of_its_own():
    book = book_of(owing(900, 500.25), customers=[{"customer_id": "C1"}])
    sheet = report_of("due_diligence", book, DAY)
    assert [row["customer_id"] for row in rows_of(sheet)] == ["C1"]
    assert [(line["customer_id"], line["exposure"], line["turnover_12"]) for line in sheet.totals] == [
        ("Not on the sheet Customers: 1", 5_002_500, 5_002_500), ("All currencies in CNY", 14_002_500, 14_002_500),
    ]  # fmt: skip
    check = next(one for one in sheet.invariants if one.currency == "CNY")
    assert (check.left, check.right) == (14_002_500, 14_002_500)
    assert len(report_of("due_diligence", book_of(owing(900)), DAY).totals) == 1


def test_by_turnover_what_was_bought_in_twelve_months_counts_less_credit_notes():
    ledger = [
        {"document_no": "1", "customer_id": "A", "amount": 100, "document_date": D(2026, 1, 1)},
        {"document_no": "2", "customer_id": "A", "amount": 30, "document_type": "credit note", "document_date": D(2026, 2, 1)},
        {"document_no": "3", "customer_id": "B", "amount": 500, "document_date": D(2025, 6, 30)},
        {"document_no": "4", "customer_id": "B", "amount": 7, "document_date": D(2025, 7, 1)},
    ]
    found = rows(book_of(ledger, {"dd_basis": "turnover"}))
    assert {name: (row["turnover_12"], row["dd_tier"]) for name, row in found.items()} == {"A": ("70.00", "deep"), "B": ("7.00", "standard")}


def test_a_complete_file_lacks_nothing():
    book = book_of(owing(100), customers=[{"customer_id": "C1"} | COMPLETE], contracts=[CONTRACT])
    assert (rows(book)["C1"]["missing_items"], rows(book)["C1"]["missing_count"]) == ("", None)


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"register_no": None}, "register number"),
        ({"register_no": CODE[:-1] + "M"}, "register number fails its check digits"),
        ({"first_trade": None}, "day of first trade"),
        ({"total_assets": None}, "statement items"),
        ({"credit_limit": None}, "credit limit"),
        ({"litigation_count": None}, "search for lawsuits"),
        ({"bank_grade": None}, "bank's grade"),
        ({"statements_evidence": None}, "statements without evidence"),
        ({"reputation_verified": D(2025, 6, 29)}, "reputation older than 12 months"),
    ],
)  # fmt: skip
def test_a_deep_file_names_what_it_lacks(change, lacks):
    book = book_of(owing(100), customers=[{"customer_id": "C1"} | COMPLETE | change], contracts=[CONTRACT])
    assert rows(book)["C1"]["missing_items"] == lacks


def test_a_deep_file_needs_a_contract_and_its_legal_review():
    customers = [{"customer_id": "C1"} | COMPLETE]
    assert rows(book_of(owing(100), customers=customers))["C1"]["missing_items"] == "contract"
    assert rows(book_of(owing(100), customers=customers, contracts=[CONTRACT | {"legal_review_date": None}]))["C1"]["missing_items"] == "legal review of the contract"


def test_a_standard_file_needs_less():
    customers = [{"customer_id": "C1"} | COMPLETE, {"customer_id": "C2"} | CHECKED]
    assert rows(book_of(owing(100, 5), customers=customers, contracts=[CONTRACT]))["C2"]["missing_items"] == ""


def test_the_calendar_counts_late_reviews_and_those_of_each_month_by_tier():
    lasts = [D(2026, 1, 1), D(2026, 3, 30), D(2026, 4, 1), D(2026, 6, 29), None]
    customers = [{"customer_id": f"C{number}", "first_trade": D(2020, 1, 1) if last else None, "last_review": last} for number, last in enumerate(lasts, start=1)]
    sheet = report_of("due_diligence", book_of(owing(900, 5, 4, 3, 2), customers=customers), DAY)
    block = sheet.blocks[0].data
    assert list(zip(block["month"], block["deep"], block["standard"], strict=True)) == [
        ("late", 1, 0), ("2026-06", 0, 1), ("2026-07", 0, 1), ("2026-08", 0, 0), ("2026-09", 0, 1), ("later", 0, 0), ("no trade yet", 0, 1),
    ]  # fmt: skip
    assert {row["customer_id"]: row["review_late"] for row in rows_of(sheet)} == {"C1": 90, "C2": None, "C3": None, "C4": None, "C5": None}


def test_the_cost_is_shown_with_its_arithmetic():
    sheet = report_of("due_diligence", book_of(owing(900, 5, 4, 3, 2), {"dd_cost_deep": 1000, "dd_cost_standard": 100}), DAY)
    block = sheet.blocks[1].data
    assert dict(zip(block["line"], (amount // 10_000 for amount in block["amount"]), strict=True)) == {
        "all deep": 20_000, "by tier": 5_600, "with reports": 3_360, "saved": 2_240, "saved in all": 16_640,
    }  # fmt: skip
    assert block["how"][1] == "(1 × 1,000 + 4 × 100) × 4 reviews"


def test_nobody_is_deep_without_exposure_and_an_empty_book_is_an_empty_report():
    assert {row["dd_tier"] for row in rows(book_of([], customers=[{"customer_id": "A"}, {"customer_id": "B"}])).values()} == {"standard"}
    assert rows(book_of([], customers=[])) == {}


def test_the_words_are_chinese_where_asked():
    row = rows(book_of(owing(100), {"language": "zh"}))["C1"]
    assert "注册号" in row["missing_items"]
    assert "工商登记未验证" in row["missing_items"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=15), st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.sampled_from(["number", "value"]))
def test_no_standard_customer_owes_more_than_a_deep_one(amounts, share, rule):
    sheet = report_of("due_diligence", book_of(owing(*amounts), {"dd_share": share, "dd_rule": rule}), DAY)
    tiers = dict(zip(sheet.data["customer_id"], zip(sheet.codes["dd_tier"], sheet.data["exposure"], strict=True), strict=True))
    deep = [amount for tier, amount in tiers.values() if tier == "deep"]
    assert all(amount < min(deep, default=0) for tier, amount in tiers.values() if tier == "standard" and deep)
    assert bool(deep) == any(amounts)
    assert all(check.ok for check in sheet.invariants)
