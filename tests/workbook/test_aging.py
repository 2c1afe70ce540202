"""The aging report."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from xladdin.errors import BadRequest

D = dt.date
AS_OF = D(2026, 6, 30)


def late(days, number, **more):
    return {"document_no": number, "amount": 1, "document_date": D(2025, 1, 1), "due_date": AS_OF - dt.timedelta(days), **more}


def test_a9_an_invoice_due_next_year_stands_in_not_due_and_the_sum_is_the_outstanding():
    book = book_of([{"document_no": "I1", "amount": 1000, "document_date": D(2025, 12, 1), "due_date": D(2026, 1, 20)}], {"limits": "30,60,90,120"})
    row = rows_of(report_of("aging", book, "2025-12-30"))[0]
    assert (row["not_due"], row["outstanding"]) == ("1000.00", "1000.00")


def test_a10_what_is_later_than_the_last_limit_is_in_the_last_bucket():
    row = rows_of(report_of("aging", book_of([late(121, "I1")], {"limits": "30,60,90,120"}), AS_OF))[0]
    assert row["bucket_5"] == "1.00"


@pytest.mark.parametrize("limits", ["0,30", "-1", "30,30", "x"])
def test_a11_limits_that_do_not_rise_from_above_zero_are_refused(limits):
    with pytest.raises(BadRequest, match="setting limits"):
        book_of([late(1, "I1")], {"limits": limits})


def test_a13_the_edges_of_the_buckets():
    days = [0, 1, 30, 31, 60, 61, 90, 91, 120, 121]
    book = book_of([late(day, f"I{day}", amount=10**index) for index, day in enumerate(days)], {"limits": "30,60,90,120"})
    row = rows_of(report_of("aging", book, AS_OF))[0]
    keys = ["not_due", "bucket_1", "bucket_1", "bucket_2", "bucket_2", "bucket_3", "bucket_3", "bucket_4", "bucket_4", "bucket_5"]
    expected = dict.fromkeys(keys, 0)
    for index, key in enumerate(keys):
        expected[key] += 10**index
    assert {key: int(Decimal(row[key])) for key in expected} == expected


def test_columns_come_in_the_order_programs_are_promised():
    row = rows_of(report_of("aging", book_of([late(5, "I1")]), AS_OF))[0]
    assert list(row)[10] == "without_due"
    assert list(row)[:10] == ["customer_id", "name", "currency", "not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5", "unapplied"]
    assert {"disputed", "outstanding"} <= set(row)


def test_labels_are_chinese_when_the_language_is():
    sheet = report_of("aging", book_of([late(5, "I1")], {"language": "zh"}), AS_OF)
    assert [column.label for column in sheet.columns][3:6] == ["未到期", "1-30天", "31-60天"]
    assert sheet.title == "应收账款账龄表"


def test_currencies_stay_apart_and_add_up_in_the_report_currency():
    ledger = [late(5, "I1", currency="USD", amount=100), late(5, "I2", currency="CNY", amount=50)]
    book = book_of(ledger, rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7.1234}])
    sheet = report_of("aging", book, AS_OF)
    assert [(row["currency"], row["outstanding_report"]) for row in rows_of(sheet)] == [("USD", "712.34"), ("CNY", "50.00")]
    assert sheet.totals[-1]["outstanding"] == 7623400


def test_a_missing_exchange_rate_is_said_and_leaves_a_blank():
    sheet = report_of("aging", book_of([late(5, "I1", currency="USD")]), AS_OF)
    assert rows_of(sheet)[0]["outstanding_report"] is None
    assert [finding.message for finding in sheet.problems] == [
        "No exchange rate USD/CNY on 2026-06-30: USD is left out of totals in CNY."
    ]


def test_a_sum_that_fails_names_the_customers():
    from workbook.reports import common

    book = book_of([late(5, "I1"), late(5, "I2", customer_id="C2")])
    report_of("aging", book, AS_OF)
    items = common.items_of(book, AS_OF)
    items.control["C2", "CNY"] += 1
    try:
        check = [c for c in report_of("aging", book, AS_OF).invariants if not c.ok]
    finally:
        common._last.clear()
    assert [(c.name, c.difference, c.where) for c in check] == [("Outstanding = ledger", -1, "C2")]


def test_a_disputed_amount_is_shown_apart_and_never_more_than_is_open():
    ledger = [late(5, "I1", amount=100, disputed_amount=80), {"document_no": "P", "document_type": "payment", "reference": "I1", "amount": 50}]
    assert rows_of(report_of("aging", book_of(ledger), AS_OF))[0]["disputed"] == "50.00"


def test_a_dispute_raised_later_is_not_there_yet():
    ledger = [late(5, "I1", amount=100, disputed_amount=80, dispute_date=AS_OF + dt.timedelta(1))]
    assert rows_of(report_of("aging", book_of(ledger), AS_OF))[0]["disputed"] == "0.00"


# --- ten thousand random ledgers ---------------------------------------------------------------------------------------

DATES = st.dates(D(2025, 6, 1), D(2026, 6, 1))
CENTS = st.integers(1, 10**9).map(lambda cents: cents / 100)


@st.composite
def small_ledgers(draw, customer):
    """A few invoices with instalments, payments, credit notes and advances of one customer."""
    rows = []
    for number in range(draw(st.integers(0, 3))):
        day = draw(DATES)
        parts = draw(st.integers(1, 3))
        for part in range(parts):
            rows.append({
                "document_no": f"{customer}-I{number}", "instalment": part + 1 if parts > 1 else None, "document_date": day,
                "due_date": day + dt.timedelta(draw(st.integers(0, 200))), "amount": draw(CENTS),
                "currency": ("CNY", "USD", "JPY")[number % 3], "customer_id": customer,
            })  # fmt: skip
            if draw(st.integers(0, 5)) == 0:
                rows[-1]["settled_date"] = day + dt.timedelta(draw(st.integers(0, 200)))
            if draw(st.integers(0, 5)) == 0:
                rows[-1]["settled_amount"] = draw(CENTS)
    for number in range(draw(st.integers(0, 4))):
        rows.append({
            "document_no": f"{customer}-P{number}", "document_type": draw(st.sampled_from(["payment", "credit note", "advance", "adjustment"])),
            "reference": draw(st.sampled_from([None, f"{customer}-I0", f"{customer}-I1", f"{customer}-I2", "NOWHERE"])),
            "document_date": draw(DATES), "amount": draw(CENTS) * draw(st.sampled_from([1, 1, 1, -1])),
            "currency": draw(st.sampled_from(["CNY", "USD", "JPY"])), "customer_id": customer,
        })  # fmt: skip
    return rows


def expected_outstanding(rows, as_of):
    """The outstanding of a ledger by hand, in cents: nothing is applied, everything is added."""
    total = {}
    for row in rows:
        if row["document_date"] > as_of:
            continue
        amount, kind = round(row["amount"] * 100), row.get("document_type", "invoice")
        settled = 0
        if row.get("settled_date") is None:
            settled = round((row.get("settled_amount") or 0) * 100)
        elif row["settled_date"] <= as_of:
            settled = round(row["settled_amount"] * 100) if row.get("settled_amount") is not None else amount
        sign = 1 if kind == "invoice" else -1
        key = (row["customer_id"], row["currency"])
        total[key] = total.get(key, 0) + sign * (amount - settled)
    return {key: value for key, value in total.items() if value}


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
@given(seed=st.randoms(use_true_random=False), first=small_ledgers("C0"), as_of=DATES)
def test_buckets_and_unapplied_are_the_outstanding_of_ten_thousand_random_ledgers(seed, first, as_of):
    """200 runs of 50 ledgers, each ledger a customer of its own: exact to the cent, against a sum by hand."""
    rows = [*first]
    for number in range(1, 50):
        rows += random_ledger(seed, f"C{number}")
    sheet = report_of("aging", book_of(rows), as_of)
    assert all(check.ok for check in sheet.invariants), [check for check in sheet.invariants if not check.ok]
    shown = {}
    for row in rows_of(sheet):
        parts = sum(Decimal(row[key]) for key in ("not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5", "unapplied", "without_due"))
        assert parts == Decimal(row["outstanding"])
        if parts:
            shown[row["customer_id"], row["currency"]] = int(parts * 100)
    assert shown == expected_outstanding(rows, as_of)


def random_ledger(seed, customer):
    """As `small_ledgers`, drawn quickly."""
    rows = []

    def day():
        return D(2025, 6, 1) + dt.timedelta(seed.randrange(365))

    def money():
        return seed.randrange(1, 10 ** seed.randrange(1, 10)) / 100

    for number in range(seed.randrange(4)):
        made, parts = day(), seed.randrange(1, 4)
        for part in range(parts):
            rows.append({
                "document_no": f"{customer}-I{number}", "instalment": part + 1 if parts > 1 else None, "document_date": made,
                "due_date": made + dt.timedelta(seed.randrange(200)), "amount": money(), "currency": ("CNY", "USD", "JPY")[number % 3],
                "customer_id": customer,
            })  # fmt: skip
            if seed.randrange(6) == 0:
                rows[-1]["settled_date"] = made + dt.timedelta(seed.randrange(200))
            if seed.randrange(6) == 0:
                rows[-1]["settled_amount"] = money()
    for number in range(seed.randrange(5)):
        rows.append({
            "document_no": f"{customer}-P{number}", "document_type": seed.choice(["payment", "credit note", "advance", "adjustment"]),
            "reference": seed.choice([None, f"{customer}-I0", f"{customer}-I1", f"{customer}-I2", "NOWHERE"]), "document_date": day(),
            "amount": money() * seed.choice([1, 1, 1, -1]), "currency": seed.choice(["CNY", "USD", "JPY"]), "customer_id": customer,
        })  # fmt: skip
    return rows
