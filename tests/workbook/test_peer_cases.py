"""Other systems' ledger cases through a refreshed workbook: each case is a customer of one ledger."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest

from tests.test_command_line import run
from tests.workbook.test_open_items import credit, instalments, payment
from tests.workbook.test_refresh import opened, type_into

D = dt.date


def case(name, rows):
    """Give a case's rows to a customer of its own, with document numbers of its own."""
    made = []
    for row in rows:
        numbers = {key: f"{name}-{row[key]}" for key in ("document_no", "reference") if row.get(key)}
        made.append({"document_type": "invoice", "document_date": D(2026, 1, 1), "currency": "CNY", **row, **numbers, "customer_id": name})
    return made


def build(path, rows, **settings):
    from workbook.build import build_workbook

    keys = dict.fromkeys(key for row in rows for key in row)
    customers = list(dict.fromkeys(row["customer_id"] for row in rows))
    data = {"ledger": {key: [row.get(key) for row in rows] for key in keys}, "customers": {"customer_id": customers}}
    build_workbook(path, data=data, settings={"interest_rule": "CN-SME", **settings})


def refreshed(path, as_of):
    out = path.with_suffix(".json")
    code, _, err = run("refresh", path, "--as-of", as_of, "--json", out, "--force")
    assert code in (0, 1), err
    return json.loads(out.read_text(encoding="utf-8"))["reports"]


INVOICE = [{"document_no": "I1", "amount": 100, "due_date": D(2026, 2, 1)}]
DOUBLE = [{"document_no": "I1", "amount": 200, "due_date": D(2026, 2, 1)}]
ADVANCE = [{"document_no": "V1", "document_type": "advance", "amount": 50}]
CASES = {  # open instalments, unapplied
    "A1": (instalments(30, 50, 20), ["30.00", "50.00", "20.00"], "0.00"),
    "A2": ([*instalments(30, 50, 20), payment(40)], ["40.00", "20.00"], "0.00"),
    "A3": ([*instalments(30, 50, 20), payment(40), credit(100)], ["40.00", "20.00"], "-100.00"),
    "A4": ([*instalments(60, 100, 40), payment(40)], ["20.00", "100.00", "40.00"], "0.00"),
    "A5": ([*instalments(60, 100, 40), payment(40), credit(100, "I1")], ["20.00", "40.00"], "0.00"),
    "A6": ([*INVOICE, payment(99.99)], ["0.01"], "0.00"),
    "A7a": ([*DOUBLE], ["200.00"], "0.00"),
    "A7b": ([*DOUBLE, *ADVANCE], ["200.00"], "-50.00"),
    "A7c": ([*DOUBLE, *ADVANCE, payment(125)], ["75.00"], "-50.00"),
    "A8": ([{"document_no": "V1", "document_type": "advance", "amount": 1000}], [], "-1000.00"),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    path = tmp_path_factory.mktemp("peers") / "Credit.xlsm"
    build(path, [row for name, (rows, _, _) in CASES.items() for row in case(name, rows)])
    return refreshed(path, "2026-12-31")


@pytest.mark.parametrize("name", CASES)
def test_the_open_instalments_and_the_unapplied_amount_are_the_peers(reports, name):
    _, opened, unapplied = CASES[name]
    rows = [row for row in reports["escalation"]["rows"] if row["customer_id"] == name]
    assert [row["open_amount"] for row in sorted(rows, key=lambda row: row["due_date"])] == opened
    aging = next(row for row in reports["aging"]["rows"] if row["customer_id"] == name)
    assert aging["unapplied"] == unapplied
    assert Decimal(aging["outstanding"]) == sum(map(Decimal, opened)) + Decimal(unapplied)


def levels(reports):
    return [row["level"] for row in reports["escalation"]["rows"]]


def test_b4_one_year_overdue_goes_up_a_level_with_each_run_of_the_workbook(tmp_path):
    path = tmp_path / "Credit.xlsm"
    build(path, case("B4", [{"document_no": "I1", "amount": 100, "document_date": D(2025, 1, 1), "due_date": D(2025, 6, 30)}]))
    assert [levels(refreshed(path, day)) for day in ("2025-12-30", "2026-04-30", "2026-06-30")] == [[1], [2], [3]]


def test_b4_one_run_alone_goes_to_the_first_level(tmp_path):
    path = tmp_path / "Credit.xlsm"
    build(path, case("B4", [{"document_no": "I1", "amount": 100, "document_date": D(2025, 1, 1), "due_date": D(2025, 6, 30)}]))
    assert levels(refreshed(path, "2026-06-30")) == [1]


def test_b3_a_level_not_done_or_blocked_holds_in_the_workbook(tmp_path):
    path = tmp_path / "Credit.xlsm"
    build(path, case("B3", [{"document_no": "I1", "amount": 100, "due_date": D(2026, 1, 1)}]), ladder="5,20,40", advance="when done")
    item = {"Document": "B3-I1"}
    assert levels(refreshed(path, "2026-01-05")) == [0]
    assert levels(refreshed(path, "2026-01-06")) == [1]
    assert levels(refreshed(path, "2026-01-31")) == [1]
    type_into(path, "escalation", item, "Level done", 1)
    type_into(path, "escalation", item, "Override", "hold")
    assert levels(refreshed(path, "2026-02-01")) == [1]
    type_into(path, "escalation", item, "Override", None)
    assert levels(refreshed(path, "2026-02-20")) == [2]
    with opened(path) as book:  # paid
        place = book.sheets["Ledger"].tables["Ledger"].range
        header = place.options(ndim=2).value[0]
        book.sheets["Ledger"].range((place.row + 1, place.column + header.index("Settled on"))).value = D(2026, 2, 20)
    assert levels(refreshed(path, "2026-02-20")) == []


def test_a9_what_falls_due_next_year_stands_in_not_due_and_adds_up(tmp_path):
    path = tmp_path / "Credit.xlsm"
    rows = [{"document_no": "I1", "amount": 70, "document_date": D(2025, 12, 1), "due_date": D(2026, 1, 20)}]
    rows.append({"document_no": "I2", "amount": 30, "document_date": D(2025, 10, 1), "due_date": D(2025, 12, 1)})
    build(path, case("A9", rows), limits="30,60,90,120")
    row = refreshed(path, "2025-12-30")["aging"]["rows"][0]
    assert (row["not_due"], row["bucket_1"], row["outstanding"]) == ("70.00", "30.00", "100.00")


def test_c4_and_c5_who_is_refused_credit(tmp_path):
    """C4: exposure 550 with a limit of 100 and of 1,100. C5: balance 100 without a limit, with 0, with 200, with 200 and an order of 150."""
    limits = {"C4a": (550, 100), "C4b": (550, 1_100), "C5a": (100, None), "C5b": (100, 0), "C5c": (100, 200), "C5d": (100, 200)}
    ledger = {"document_no": [], "customer_id": [], "amount": [], "due_date": [], "document_type": [], "document_date": [], "currency": []}
    for name, (balance, _) in limits.items():
        for key, value in zip(ledger, (name, name, balance, D(2026, 8, 1), "invoice", D(2026, 6, 1), "CNY"), strict=True):
            ledger[key].append(value)
    first = dict.fromkeys(limits, D(2020, 1, 1))
    customers = {"customer_id": list(limits), "credit_limit": [limit for _, limit in limits.values()], "first_trade": list(first.values())}
    orders = {"order_no": ["O1"], "customer_id": ["C5d"], "order_date": [D(2026, 6, 20)], "currency": ["CNY"], "amount": [150]}
    from workbook.build import build_workbook

    path = tmp_path / "Credit.xlsm"
    build_workbook(path, data={"ledger": ledger, "customers": customers, "orders": orders})
    held = {row["customer_id"]: row["hold"] for row in refreshed(path, "2026-06-30")["scores_limits"]["rows"]}
    assert held == {
        "C4a": "over the limit by 450 CNY", "C4b": "", "C5a": "", "C5b": "over the limit by 100 CNY", "C5c": "", "C5d": "over the limit by 50 CNY",
    }  # fmt: skip
