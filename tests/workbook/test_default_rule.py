"""Who is in default: one rule, seen alike on every report."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.large.sources import demo_book
from tests.ledgers import book_of, report_of, rows_of
from workbook.refresh import make_reports
from workbook.settings import read_settings
from xladdin.errors import BadRequest

D = dt.date
DAY = D(2026, 6, 30)
SETTINGS = {"simulated_years": 2_000}


def invoice(customer, days_late, amount=1000, **more):
    made = {"document_no": f"{customer}-{days_late}", "customer_id": customer, "amount": amount, "document_date": D(2025, 1, 1)}
    return {**made, "due_date": DAY - dt.timedelta(days_late), **more}


def states(book, day=DAY):
    return {row["customer_id"]: (row["warning"], row["why"]) for row in rows_of(report_of("watch_list", book, day))}


def chances(book):
    return {row["customer_id"]: row["pd"] for row in rows_of(report_of("scores_limits", book, DAY))}


def test_p08_who_owes_more_than_90_days_late_is_in_alarm_with_the_reason_and_has_a_default_probability_of_1():
    book = book_of([invoice("LATE", 91), invoice("EDGE", 90), invoice("GOOD", -10)])
    found, pd = states(book), chances(book)
    assert found["LATE"] == ("alarm", "in default: CNY 1,000.00 more than 90 days past due, the oldest 91 days")
    assert found["EDGE"][0] != "alarm"
    assert pd["LATE"] == 1
    assert pd["EDGE"] < 1
    assert pd["GOOD"] < 1


@pytest.mark.parametrize(("status", "zh"), [("hold", "停止发货"), ("insolvent", "破产"), ("written off", "已核销")])
def test_p08_a_status_that_means_default_is_alarm_and_a_default_probability_of_1(status, zh):
    customers = [{"customer_id": "BAD", "status": status}, {"customer_id": "GOOD", "status": "active"}]
    book = book_of([invoice("BAD", -20), invoice("GOOD", -20)], customers=customers)
    assert states(book)["BAD"] == ("alarm", f"in default: status {status}")
    assert states(book)["GOOD"][0] != "alarm"
    assert (chances(book)["BAD"], chances(book)["GOOD"] < 1) == (1, True)
    book = book_of([invoice("BAD", -20)], {"language": "zh"}, customers=[{"customer_id": "BAD", "status": zh}])
    assert states(book)["BAD"] == ("alarm", f"已违约：状态为{zh}")


def test_p08_a_customer_that_is_not_on_the_sheet_customers_can_be_in_default():
    book = book_of([invoice("STRANGER", 200)], customers=[{"customer_id": "OTHER"}])
    assert states(book)["STRANGER"][0] == "alarm"
    assert chances(book)["STRANGER"] == 1


def test_p08_what_is_too_small_disputed_or_paid_for_is_no_default():
    ledger = [
        invoice("SMALL", 200, 9), invoice("SMALL", -5, 991),
        invoice("ONE", 200, 11), invoice("ONE", -5, 989),
        invoice("DISPUTED", 200, disputed_amount=1000),
        invoice("PAID", 200), {"document_no": "P", "document_type": "payment", "customer_id": "PAID", "amount": 1000, "document_date": D(2026, 1, 1)},
    ]  # fmt: skip
    made = {name: pd == 1 for name, pd in chances(book_of(ledger)).items()}
    assert made == {"SMALL": False, "ONE": True, "DISPUTED": False, "PAID": False}


def test_p08_the_rule_has_its_settings():
    ledger = [invoice("A", 61), invoice("B", 200, 400), invoice("C", 200, 4000)]
    customers = [{"customer_id": name, "status": "hold" if name == "A" else None} for name in "ABC"]

    def failed(**settings):
        return [name for name, pd in chances(book_of(ledger, settings, customers=customers)).items() if pd == 1]

    assert sorted(failed()) == ["A", "B", "C"]
    assert sorted(failed(default_status="none")) == ["B", "C"]
    assert sorted(failed(default_status="insolvent")) == ["B", "C"]
    assert sorted(failed(default_status="none", default_days=60)) == ["A", "B", "C"]
    assert sorted(failed(default_status="none", default_amount=500)) == ["C"]
    assert sorted(failed(default_status="none", default_days=365)) == []
    assert read_settings({"default_status": "破产、停止发货"}).default_statuses == ("insolvent", "hold")
    with pytest.raises(BadRequest, match="must be some of hold, insolvent, written off, watch, or none"):
        read_settings({"default_status": "bankrupt"})


def reconcile(book, day=DAY):
    """Hold the expected losses of all reports against each other."""
    sheets = make_reports(book, book.settings, day, ["scores_limits", "watch_list", "insurance", "provision", "dashboard", "stress"]).sheets
    scores = {row["customer_id"]: row for row in rows_of(sheets["scores_limits"])}
    watch = {row["customer_id"]: row["warning"] for row in rows_of(sheets["watch_list"])}
    failed = {name for name, row in scores.items() if row["pd"] == 1}
    assert all(watch[name] == "alarm" for name in failed)
    share = Decimal(str(book.settings.loss_given_default))
    for row in scores.values():
        expected = Decimal(row["exposure"]) * Decimal(repr(float(row["pd"] or 0))) * share
        assert abs(Decimal(row["expected_loss"]) - expected) <= Decimal("0.005")
    total = sum(Decimal(row["expected_loss"]) for row in scores.values())
    figures = {row["figure"]: row["today"] for row in rows_of(sheets["dashboard"])}
    assert Decimal(str(figures["Expected loss of a year"])) == total
    assert figures["Customers in alarm"] == sum(state == "alarm" for state in watch.values())
    stress = rows_of(sheets["stress"])
    if stress:
        assert Decimal(stress[0]["expected_rest"]) == total
    largest = sorted(scores.values(), key=lambda row: -Decimal(row["outstanding"]))
    for row in stress:
        gone = sum(Decimal(one["expected_loss"]) for one in largest[: row["failing"]])
        assert Decimal(row["expected_rest"]) == total - gone
    for row in rows_of(sheets["provision"]):  # who is in default is judged by the same rule, on what is not insured
        mine = row["customer_id"] in failed and Decimal(row["outstanding"]) > 0
        if mine:
            assert row["method"] == "individual"
            assert abs(Decimal(row["provision"]) - Decimal(row["base"]) * share) <= Decimal("0.005")
            if Decimal(row["insured_part"]) == 0 and Decimal(scores[row["customer_id"]]["orders_open"]) == 0:
                assert row["provision"] == scores[row["customer_id"]]["expected_loss"]
    return total, failed


def test_p08_the_expected_losses_of_all_reports_of_the_demo_reconcile():
    book = demo_book(**SETTINGS)
    total, failed = reconcile(book)
    assert len(failed) == 12
    assert 7_600_000 < total < 8_300_000  # 2.1 million before, when only the insolvent customer had failed


@pytest.mark.parametrize("share", [1.0, 0.45])
def test_p08_the_insurance_report_draws_by_the_same_rule(share):
    ledger = [invoice("LATE", 120, 60_000), invoice("HELD", -5, 20_000), *(invoice(f"C{number}", -5, 1000) for number in range(5))]
    customers = [{"customer_id": name, "status": "hold" if name == "HELD" else "active"} for name in dict.fromkeys(row["customer_id"] for row in ledger)]
    book = book_of(ledger, {"loss_given_default": share, "simulated_years": 20_000}, customers=customers)
    total, failed = reconcile(book)
    assert failed == {"LATE", "HELD"}
    from workbook.reports.insurance_cover import covers
    from workbook.reports.insurance_structures import structures

    none = structures(book, covers(book, book.settings, DAY), book.settings, DAY)[0]
    assert none.kept_average == pytest.approx(float(total), rel=0.01)


def test_p08_a_green_customer_is_green_again_when_it_has_paid():
    ledger = [invoice("A", 120)]
    paid = [*ledger, {"document_no": "P", "document_type": "payment", "customer_id": "A", "amount": 1000, "document_date": D(2026, 6, 1), "reference": "A-120"}]
    assert chances(book_of(ledger))["A"] == 1
    assert chances(book_of(paid))["A"] < 1


def test_p08_money_in_a_currency_without_a_rate_is_not_taken_for_nothing():
    book = book_of([invoice("A", 120, currency="USD"), invoice("B", 5, currency="USD")])
    assert states(book)["A"] == ("alarm", "in default: USD 1,000.00 more than 90 days past due, the oldest 120 days")
    assert (chances(book)["A"], chances(book)["B"] < 1) == (1, True)


def test_p23_a_ledger_of_one_currency_without_a_rate_headlines_that_currency_or_the_missing_rate():
    book = book_of([invoice("A", 120, currency="USD"), invoice("B", -5, 500, currency="USD")], SETTINGS)
    sheets = make_reports(book, book.settings, DAY).sheets
    facts = dict(sheets["aging"].facts)
    assert facts["Outstanding"] == "USD 1,500.00"
    assert facts["Overdue"] == "USD 1,000.00 (67%)"
    assert dict(sheets["scores_limits"].facts)["Exposure"] == "no rate USD/CNY"
    mixed = book_of([invoice("A", 120, currency="USD"), invoice("B", -5, 500)], SETTINGS)
    assert dict(report_of("aging", mixed, DAY).facts)["Outstanding"] == "CNY 500.00"
    rated = book_of([invoice("A", 120, currency="USD")], rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}])
    assert dict(report_of("aging", rated, DAY).facts)["Outstanding"] == "CNY 7,000.00"


@pytest.mark.parametrize(("language", "reason"), [("en", "no rate {}"), ("zh", "无汇率 {}")])
@pytest.mark.parametrize(("currencies", "report"), [("USD", "CNY"), ("USD,EUR", "CNY"), ("USD", "JPY")])
def test_p23_no_report_shows_a_nought_of_the_report_currency_where_nothing_can_be_converted(currencies, report, language, reason):
    codes = currencies.split(",")
    ledger = [
        {**invoice(f"C{number % 3}", number * 40 - 60, 1000 + number, currency=codes[number % len(codes)], policy_no="P1"), "disputed_amount": number or None,
         "promise_date": D(2026, 7, 1) if number == 2 else None}
        for number in range(6)
    ]  # fmt: skip
    paid = [{**invoice("C0", 300 - number, 10, currency="USD"), "settled_date": D(2026, 6, 1)} for number in range(12)]
    plans = [{"plan_no": "T1", "customer_id": "C0", "document_no": "C0--60", "due_date": D(2026, 6, 1), "amount": 5, "currency": "USD"}]
    blacklist = [{"name": "Name", "customer_id": "C0", "listed_on": D(2026, 1, 1)}]
    policies = [{"policy_no": "P1", "structure": "whole turnover", "cover": 0.9, "currency": report, "premium_rate": 0.004, "insured_amount": 1e6}]
    settings = {**SETTINGS, "language": language, "report_currency": report, "weekly_costs": 1000, "own_cash": 1000}
    book = book_of([*ledger, *paid], settings, policies=policies, plans=plans, blacklist=blacklist)
    sheets = make_reports(book, book.settings, DAY).sheets
    nothing = f"{report} 0" if report == "JPY" else f"{report} 0.00"
    reason = reason.format(", ".join(f"{code}/{report}" for code in sorted(codes)))
    for sheet in sheets.values():
        texts = [text for _, text in sheet.facts] + sheet.notes + [str(cell) for block in sheet.blocks for column in block.data.values() for cell in column]
        assert not [text for text in texts if nothing in text], sheet.name
        for total in sheet.totals:
            if total.get("currency", report) == report:
                assert not [key for key, value in total.items() if isinstance(value, int) and value == 0 and "limit" not in key], sheet.name
    for key in ("scores_limits", "escalation", "insurance", "provision", "cash_forecast", "watch_list"):
        assert any(reason in text for _, text in sheets[key].facts), key
    board = sheets["dashboard"].data
    money = [row for row, unit in enumerate(board["unit"]) if unit == reason]
    assert len(money) == 8
    assert [board[key][row] for row in money for key in ("today", "month_ago", "change")] == [None] * 24
    assert report not in board["unit"]
    assert set(sheets["scores_limits"].data["exposure"]) == {None}
