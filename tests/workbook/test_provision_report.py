"""Provision: rates from the ledger's own history, insured parts apart, large names outside, and sums that agree with other reports."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.reports.common import Exchange
from workbook.reports.rolling import EXAMPLE_RATES, balances_by_look
from workbook.settings import Settings
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 30)
POLICY = {"policy_no": "P", "cover": 0.9, "valid_from": D(2020, 1, 1), "valid_until": D(2030, 1, 1)}


def invoice(number, due, amount=100, customer="C1", **more):
    return {"document_no": f"I{number}", "customer_id": customer, "amount": amount, "document_date": due - dt.timedelta(days=20), "due_date": due} | more


def history(customer="C1", share=2):
    """One invoice due every 30 days; every `share`-th is paid 45 days late, the others on time; the last ones are open."""
    rows = []
    for number in range(16):
        due = DAY - dt.timedelta(days=30 * number + 10)
        paid = due + dt.timedelta(days=105 if number % share == 0 else 0)
        rows.append(invoice(f"{customer}-{number}", due, 100 + number, customer, **({"settled_date": paid} if paid <= DAY else {})))
    return rows


def provision_of(ledger, given=None, **tables):
    customers = [{"customer_id": one} for one in sorted({row.get("customer_id", "C1") for row in ledger} or {"C1"})]
    book = book_of(ledger, {"provision_large": 1} | (given or {}), **({"customers": customers} | tables))
    sheet = report_of("provision", book, DAY)
    assert all(check.ok for check in sheet.invariants), sheet.invariants
    return sheet, {row["customer_id"]: row for row in rows_of(sheet)}


def test_balances_are_as_the_ledger_stood_on_each_look():
    paid = invoice(1, D(2026, 4, 20), 100, settled_date=D(2026, 6, 10))
    late = invoice(2, D(2026, 5, 20), 40)
    book = book_of([paid, late], {})
    looks = balances_by_look(book, DAY, Exchange(book, Settings(), DAY), [])
    units = 10_000
    assert looks.shape == (13, 5)
    assert looks[-1].tolist() == [0, 0, 40 * units, 0, 0], "41 days late today; the other was paid"
    assert looks[-2].tolist() == [0, 40 * units, 100 * units, 0, 0], "31 May: 11 and 41 days late"
    assert looks[0].sum() == 0


def test_a_ledger_without_history_takes_the_rates_of_the_standard_and_says_so():
    sheet, rows = provision_of([invoice(1, DAY + dt.timedelta(days=5), 1000)])
    assert rows["C1"]["loss_rate"] == pytest.approx(EXAMPLE_RATES[0])
    assert rows["C1"]["provision"] == "3.00"
    assert any("example 12" in finding.message for finding in sheet.problems)


def test_rates_come_from_the_ledger_and_the_provision_is_that_of_the_function_ecl():
    sheet, rows = provision_of(history(), {"loss_given_default": 0.5, "provision_forward": 0.1})
    assert not sheet.problems
    matrix = sheet.blocks[0].data
    buckets = [float(rows["C1"][f"bucket_{number}"]) for number in range(5)]
    rates = [rate / 1.1 for rate in matrix["loss_rate"]]
    wanted = call("ECL", [buckets], [rates], 0.1, "CNY").value
    assert float(rows["C1"]["provision"]) == pytest.approx(wanted, abs=0.01)
    assert matrix["loss_rate"][-1] == pytest.approx(0.55)
    assert all(np.diff(matrix["loss_rate"]) >= 0)


def test_the_insured_part_stands_apart():
    ledger = [invoice(1, DAY + dt.timedelta(days=5), 1000, policy_no="P")]
    _, rows = provision_of(ledger, customers=[{"customer_id": "C1", "insured_limit": 500}], policies=[POLICY])
    assert (rows["C1"]["insured_part"], rows["C1"]["base"], rows["C1"]["provision"]) == ("450.00", "550.00", "1.65")


def test_a_large_name_is_judged_alone_and_what_is_over_ninety_days_late_has_defaulted():
    ledger = [invoice(1, DAY - dt.timedelta(days=100), 900, "BIG"), invoice(2, DAY + dt.timedelta(days=5), 100, "BIG"), invoice(3, DAY, 50, "C1")]
    _, rows = provision_of(ledger, {"provision_large": 0.5, "loss_given_default": 0.4, "default_days": 120})
    chance = (rows["BIG"]["loss_rate"] / 0.4 - 0.9) / 0.1
    assert rows["BIG"]["method"] == "individual"
    assert 0 < chance < 0.2
    assert rows["C1"]["method"] == "matrix"
    _, rows = provision_of(ledger, {"provision_large": 0.5, "loss_given_default": 0.4})  # in default: all of it, as on every report
    assert rows["BIG"]["loss_rate"] == pytest.approx(0.4)


def test_an_insolvent_customer_is_judged_alone_and_lost_but_for_its_insured_part():
    """Whatever its size; its history leaves the matrix with it, and the sums still agree (`provision_of` looks at every check)."""
    ledger = [*history(), *history("BAD", 1)]
    customers = [{"customer_id": "C1"}, {"customer_id": "BAD", "status": "insolvent"}]
    sheet, rows = provision_of(ledger, {"loss_given_default": 0.6}, customers=customers)
    shown = dict(zip(sheet.data["customer_id"], sheet.data["method"], strict=True))
    assert shown == {"BAD": "individual: in default", "C1": "matrix"}
    assert (rows["BAD"]["method"], rows["C1"]["method"]) == ("individual", "matrix")
    assert rows["BAD"]["loss_rate"] == pytest.approx(0.6)
    assert float(rows["BAD"]["provision"]) == pytest.approx(0.6 * float(rows["BAD"]["base"]), abs=0.005)
    alone, _ = provision_of(history(), {"loss_given_default": 0.6})
    assert sheet.blocks[0].data["loss_rate"] == alone.blocks[0].data["loss_rate"]
    assert list(sheet.blocks[0].data["bucket_balance"]) == list(alone.blocks[0].data["bucket_balance"])
    assert dict(sheet.facts)["Judged one by one"].startswith("1 · ")


def test_an_empty_ledger_and_a_credit_balance_have_no_provision():
    assert provision_of([])[1] == {}
    _, rows = provision_of([{"document_no": "P1", "document_type": "payment", "amount": 70, "customer_id": "C1", "document_date": D(2026, 5, 1)}])
    assert (rows["C1"]["unapplied_part"], rows["C1"]["base"], rows["C1"]["provision"]) == ("-70.00", "0.00", "0.00")


def test_the_report_speaks_chinese():
    sheet, _ = provision_of(history(), {"language": "zh"})
    assert sheet.title == "预期信用损失准备"
    assert [column.label for column in sheet.columns][3] == "未到期"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["invoice", "payment"]), st.sampled_from(["C1", "C2"]), st.sampled_from(["CNY", "USD", "JPY"]),
                          st.integers(1, 9_999_999), st.integers(-200, 200)), max_size=12))  # fmt: skip
def test_buckets_unapplied_base_and_insured_part_always_add_up(rows):
    ledger = [
        {"document_no": f"D{number}", "document_type": kind, "customer_id": customer, "currency": currency, "amount": cents / 100,
         "document_date": DAY - dt.timedelta(days=210), "due_date": DAY - dt.timedelta(days=late)}
        for number, (kind, customer, currency, cents, late) in enumerate(rows)
    ]  # fmt: skip
    rates = [{"table": pair, "date": D(2026, 1, 1), "rate": rate} for pair, rate in (("USD/CNY", 7.1234), ("JPY/CNY", 0.0467))]
    _, shown = provision_of(ledger, rates=rates)
    scores = {row["customer_id"]: row for row in rows_of(report_of("scores_limits", book_of(ledger, {}, rates=rates), DAY))}
    for customer, row in shown.items():
        assert 0 <= float(row["provision"]) <= float(row["base"])
        assert customer in scores
