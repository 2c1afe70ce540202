"""The reports of one refresh agree with each other to the cent, whatever the ledger: the demo, and ledgers drawn at random."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest

from tests.ledgers import raw
from workbook.book import read_book
from workbook.demo import AS_OF, demo_data
from workbook.refresh import make_reports, refresh
from workbook.sheet import listed
from xladdin.hosts.file import open_book
from xladdin.registry import reports

D, DAY = dt.date, dt.timedelta(1)
WEEKS = [f"Week {number}" for number in range(1, 14)]


def rows(sheet):
    """Return a report's rows as dicts: money in 1/10000, dates as dates, blanks as None."""
    names = list(sheet.data)
    return [dict(zip(names, values, strict=True)) for values in zip(*(listed(sheet.data[name]) for name in names), strict=True)]


def by(found, key, value):
    """Sum a column by another; blanks are 0."""
    total = defaultdict(int)
    for row in found:
        total[row[key]] += row[value] or 0
    return total


def column(found, key):
    return sum(row[key] or 0 for row in found)


def owed(book, as_of):
    """Sum the ledger by customer and currency the slow way, from its rows alone: what a row raises less what was settled on it."""
    total = defaultdict(int)
    for row in book.tables["ledger"].to_pylist():
        if not row["usable"] or row["document_date"] > as_of:
            continue
        amount = int(row["amount"] * 10_000)
        settled = None if row["settled_amount"] is None else int(row["settled_amount"] * 10_000)
        happened = row["settled_date"] is not None and row["settled_date"] <= as_of
        if row["settled_date"] is not None and not happened:
            settled = 0
        sign = 1 if row["document_type"] == "invoice" else -1
        left = amount - (sign_of(amount, sign) * settled if settled is not None else amount if happened else 0)
        total[row["customer_id"] or "", row["currency"]] += sign * left
    return {key: amount for key, amount in total.items() if amount}


def sign_of(amount, sign):
    return -1 if amount < 0 and sign < 0 else 1


def agree(sheets, book, as_of):
    """Assert that every figure that stands on two reports is the same on both."""
    total, scores = same_accounts(sheets, book, as_of)
    if (book.settings.unapplied, book.settings.aging_basis) == ("own column", "due date"):
        same_parts(sheets, book, as_of, total, scores)


def same_accounts(sheets, book, as_of):
    """Assert what holds however Aging is set up; answers its total in the report currency and the rows of Scores and limits."""
    for key, sheet in sheets.items():
        for check in sheet.invariants:
            assert check.ok, (key, check)
    of = {key: rows(sheet) for key, sheet in sheets.items()}
    aging, scores = of["aging"], {row["customer_id"]: row for row in of["scores_limits"]}
    total = sheets["aging"].totals[-1] if sheets["aging"].totals else defaultdict(int)
    late = [key for key in total if key.startswith("bucket_")]

    # the ledger's own sum, worked out here, is the outstanding of Aging, account by account
    shown = {(row["customer_id"], row["currency"]): row["outstanding"] for row in aging if row["outstanding"]}
    assert shown == owed(book, as_of)

    # Aging in itself, in each currency and in the report currency
    for row in [*aging, *([total] if aging else [])]:
        assert row["not_due"] + row["without_due"] + row["overdue"] + row["unapplied"] == row["outstanding"]
        assert sum(row[key] for key in late) == row["overdue"]
        if book.settings.unapplied != "by date":
            assert row["disputed"] <= row["not_due"] + row["without_due"] + row["overdue"]
    assert column(aging, "outstanding_report") == total["outstanding"] == total["outstanding_report"]

    # Escalation is the overdue part of Aging, by account
    by_account = defaultdict(int)
    for row in of["escalation"]:
        by_account[row["customer_id"], row["currency"]] += row["open_amount"]
    if book.settings.unapplied != "by date" and book.settings.aging_basis == "due date":
        assert by_account == {(row["customer_id"], row["currency"]): row["overdue"] for row in aging if row["overdue"]}

    # Scores and limits: the customers' balances; exposure is balance and orders
    balance = by(aging, "customer_id", "outstanding_report")
    for name, row in scores.items():
        assert row["outstanding"] == balance.get(name, 0), name
        assert row["exposure"] == max(row["outstanding"] + row["orders_open"], 0)
        if row["credit_limit"] is not None and not row["group_id"]:
            assert row["headroom"] == row["effective_limit"] - row["exposure"]
    assert set(balance) <= set(scores)
    assert column(scores.values(), "outstanding") == total["outstanding"]

    # Disputes are the disputed column of Aging, item by item and in the report currency
    disputes = of["disputes"]
    assert by(disputes, "currency", "disputed_amount") == {key: value for key, value in by(aging, "currency", "disputed").items() if value}
    assert money(dict(sheets["disputes"].facts)["Disputed"]) == total["disputed"]
    assert by_item(disputes, "disputed_amount").items() >= by_item([row for row in of["escalation"] if row["disputed"]], "disputed").items()
    return total, scores


def same_parts(sheets, book, as_of, total, scores):
    """Assert what holds where Aging shows overdue items as they are, and unapplied money apart."""
    of = {key: rows(sheet) for key, sheet in sheets.items()}
    late = [key for key in total if key.startswith("bucket_")]
    outstanding, exposure = (column(scores.values(), key) for key in ("outstanding", "exposure"))

    not_yet = total["not_due"] + total["without_due"]  # what has no due date counts as not due on the other reports
    # Insurance: insured and not insured are the balance
    insurance = {row["customer_id"]: row for row in of["insurance"]}
    assert set(insurance) == {name for name, row in scores.items() if row["outstanding"]}
    for name, row in insurance.items():
        assert row["outstanding"] == scores[name]["outstanding"]
        assert row["insured"] + row["uninsured"] == max(row["outstanding"], 0)
        assert row["insurable"] <= max(row["outstanding"], 0)

    # Provision: its buckets are those of Aging, its base is what Insurance leaves; matrix and large names are all of it
    provision = of["provision"]
    for row in provision:
        part = insurance.get(row["customer_id"], {"outstanding": 0, "insured": 0, "uninsured": 0})
        assert sum(row[f"bucket_{number}"] for number in range(5)) + row["unapplied_part"] == row["outstanding"] == part["outstanding"]
        assert (row["insured_part"], row["base"]) == (part["insured"], part["uninsured"])
    assert column(provision, "bucket_0") == not_yet
    assert column(provision, "unapplied_part") == total["unapplied"]
    for number, key in enumerate(late[:3], start=1):  # the first three buckets end after 30, 60 and 90 days in both
        assert column(provision, f"bucket_{number}") == total[key], key
    assert column(provision, "bucket_4") == sum(total[key] for key in late[3:])
    facts = dict(sheets["provision"].facts)
    assert money(facts["By the matrix"]) + money(facts["Judged one by one"].split(" · ")[1]) == column(provision, "provision")

    # Cash forecast: every amount stands in one place, and the places are those parts of Aging
    forecast = {row["period"]: row for row in of["cash_forecast"]}
    for key in ("expected", "early", "cautious"):
        assert column(forecast.values(), key) == total["outstanding"]
    if forecast:
        assert forecast["Unapplied cash"]["expected"] == total["unapplied"]
        broke = {row["customer_id"] for row in book.tables["customers"].to_pylist() if row["status"] == "insolvent"}
        assert forecast["Insolvent customers"]["expected"] == sum(
            sum(row[f"bucket_{number}"] for number in range(5)) for row in provision if row["customer_id"] in broke
        )
        if not broke:
            assert forecast["Disputed"]["expected"] == total["disputed"]

    # Stress: losses are the largest balances, the insurer's part that of Insurance
    largest = sorted((max(row["outstanding"], 0) for row in scores.values()), reverse=True)
    for row in of["stress"]:
        assert row["lost"] == sum(largest[: row["failing"]])
        assert row["lost"] - row["net_loss"] == row["insured_part"]
    if of["stress"] and len([amount for amount in largest if amount]) <= 10:
        assert of["stress"][-1]["insured_part"] == column(insurance.values(), "insured")

    # Liquidity: its last row is today
    if of["liquidity"]:
        today = of["liquidity"][0]
        assert (today["look"], today["receivables"]) == (as_of, outstanding)
        assert (today["not_due"], today["overdue_part"]) == (not_yet, total["overdue"])

    # Watch list: the same exposure and overdue amounts as Scores and limits
    for row in of["watch_list"]:
        mine = scores[row["customer_id"]]
        assert (row["exposure"], row["overdue_report"]) == (mine["exposure"], mine["overdue_report"] or 0)

    # Due diligence and Blacklist show that exposure too
    for key in ("due_diligence", "blacklist"):
        for row in of[key]:
            assert row["exposure"] == scores[row["customer_id"]]["exposure"], key

    # Dashboard: each figure is that of the report it names
    figures = {row["figure"]: row["today"] for row in of["dashboard"]}
    if figures:
        over = -sum(min(row["headroom"] or 0, 0) for row in scores.values())
        cents = {
            "Outstanding": outstanding,
            "Overdue items": total["overdue"],
            "Overdue more than 90 days": column(provision, "bucket_4"),
            "Exposure with orders": exposure,
            "Above limits": over,
            "Uninsured": column(insurance.values(), "uninsured"),
            "Expected receipts, 4 weeks": sum(forecast[week]["expected"] for week in WEEKS[:4]) if forecast else 0,
        }
        for name, value in cents.items():
            assert Decimal(str(figures[name])) == Decimal(value) / 10_000, name
        assert figures["Customers in alarm"] == sum(row["warning"] == "alarm" for row in of["watch_list"])
        charts = sheets["dashboard"].charts
        ages = dict(zip(charts["aging"][0][1:], charts["aging"][-1][1:], strict=True))
        assert units(ages.values()) == not_yet + total["overdue"]
        assert units(row[1] for row in charts["grades"][1:]) == exposure
        assert units(amount for row in charts["map"][1:] for amount in row[1:]) == exposure


def by_item(found, key):
    return {(row["document_no"], row["instalment"]): row[key] for row in found}


def money(text):
    """Read an amount as a fact shows it: CNY 1,234.50, perhaps with a share behind."""
    return int(Decimal(text.split(" ")[1].replace(",", "")) * 10_000)


def units(amounts):
    return round(sum(Decimal(repr(float(amount or 0))) for amount in amounts) * 10_000)


def test_the_demo_workbook_agrees_after_a_real_refresh(tmp_path):
    from workbook.build import build_workbook

    path = tmp_path / "Credit.xlsm"
    build_workbook(path, data=demo_data(), settings={"as_of": AS_OF})
    book = open_book(path)
    made = refresh(book, today=AS_OF)
    book.close()
    assert list(made.sheets) == list(reports())
    agree(made.sheets, made.book, AS_OF)


@pytest.mark.parametrize("day", [D(2025, 9, 30), D(2027, 3, 31)], ids=str)
def test_the_demo_agrees_on_past_and_future_days(day):
    data = demo_data()
    book = read_book({key: raw(key, table_rows(table)) for key, table in data.items()}, {"simulated_years": 200})
    agree(make_reports(book, book.settings, day).sheets, book, day)


def table_rows(table):
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


CURRENCIES = ("CNY", "USD", "EUR", "JPY", "GBP")  # of the last no rate is known


class Draw:
    """A ledger and its tables drawn at random: every kind of document, and much that is odd."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.today = D(2026, 6, 30)
        self.customers = [f"C{number}" for number in range(self.random.choice([1, 3, 8]))]
        self.ledger = [row for number in range(self.random.choice([0, 1, 12, 60])) for row in self.document(number)]

    def one(self, *values):
        return self.random.choice(values)

    def money(self):
        return round(self.one(1, 30, 700, 12_345, 2_000_000) * self.random.random() + 0.01, 2)

    def day(self):
        return self.today + DAY * self.random.randint(-500, 60)

    def maybe(self, share, value):
        return value if self.random.random() < share else None

    def document(self, number):
        who = self.one(*self.customers, "STRANGER")
        currency = self.one("CNY", *CURRENCIES)
        made = self.day()
        base = {"customer_id": who, "currency": currency, "document_date": made, "policy_no": self.maybe(0.6, self.one("P1", "P2", "P9"))}
        kind = self.one("invoice", "invoice", "invoice", "instalments", "credit note", "payment", "advance", "adjustment", "negative")
        if kind not in ("invoice", "instalments", "negative"):
            reference = self.maybe(0.6, f"I{self.random.randint(0, max(number, 1))}")
            sign = self.one(1, 1, 1, -1)
            return [{**base, "document_no": f"R{number}", "document_type": kind, "amount": sign * self.money(), "reference": reference}]
        parts = 3 if kind == "instalments" else 1
        made_rows = []
        for part in range(parts):
            amount = -self.money() if kind == "negative" else self.money()
            row = {
                **base, "document_no": f"I{number}", "instalment": part + 1 if parts > 1 else None, "amount": amount,
                "due_date": self.maybe(0.9, made + DAY * self.one(-5, 0, 30, 60, 120, 365)), "contract_no": self.maybe(0.3, "K1"),
                "terms": self.maybe(0.6, self.one("net 30", "D/A 90", "see contract")),
                "disputed_amount": self.maybe(0.2, round(abs(amount) * self.one(0.3, 1, 1.5), 2)), "dispute_date": self.maybe(0.5, self.day()),
                "promise_date": self.maybe(0.2, self.day()), "promise_amount": self.maybe(0.5, self.money()),
                "settled_date": self.maybe(0.2, self.day()), "settled_amount": self.maybe(0.2, round(abs(amount) * self.one(0.4, 1, 1.2), 2)),
            }  # fmt: skip
            made_rows.append(row)
        if self.random.random() < 0.4:
            share = sum(row["amount"] for row in made_rows) * self.one(0.25, 1, 1.1)
            paid = made + DAY * self.random.randint(0, 200)
            made_rows.append({
                **base, "document_no": f"P{number}", "document_type": self.one("payment", "credit note"), "amount": round(abs(share), 2),
                "document_date": paid, "reference": f"I{number}",
            })  # fmt: skip
        return made_rows

    def tables(self):
        table = [
            {
                "customer_id": name, "name": f"Name {name}", "status": self.one("active", "watch", "hold", "insolvent", None),
                "credit_limit": self.maybe(0.7, self.one(0, 500.55, 100_000)), "insured_limit": self.maybe(0.7, self.one(0, 333.33, 50_000)),
                "group_id": self.maybe(0.3, self.customers[0]), "first_trade": self.maybe(0.8, D(2020, 1, 1)), "country": self.one("CN", "DE"),
            }
            for name in self.customers[: self.one(1, 99)]
        ]  # fmt: skip
        orders = [
            {"order_no": f"O{number}", "customer_id": self.one(*self.customers, "ORDERS ONLY"), "order_date": self.day(),
             "currency": self.one(*CURRENCIES), "amount": self.money(), "invoiced_amount": self.maybe(0.5, self.money())}
            for number in range(self.random.randint(0, 8))
        ]  # fmt: skip
        rates = [
            {"table": "USD/CNY", "date": D(2024, 1, 1), "rate": 7.1234}, {"table": "CNY/EUR", "date": D(2024, 1, 1), "rate": 0.1271},
            {"table": "JPY/CNY", "date": D(2024, 1, 1), "rate": 0.0483}, {"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 6.9873},
        ]  # fmt: skip
        policies = [
            {"policy_no": "P1", "structure": "whole turnover", "cover": 0.9, "currency": "CNY", "premium_rate": 0.004, "insured_amount": 1e6},
            {"policy_no": "P2", "structure": "named buyers", "cover": 0.85, "currency": "USD", "valid_from": D(2026, 1, 1), "notice_days": 30},
        ]
        return {"ledger": self.ledger, "customers": table, "orders": orders, "rates": rates, "policies": policies}

    def book(self, **more):
        tables = self.tables()
        settings = {**more, "simulated_years": 200, "own_cash": self.one(0, 5e5), "weekly_costs": 1e4, "provision_large": self.one(0.1, 0.5)}
        return read_book({key: raw(key, found) for key, found in tables.items()}, settings)


WAYS = (
    {}, {"report_currency": "USD"}, {"report_currency": "JPY"}, {"unapplied": "oldest first"}, {"unapplied": "by date"},
    {"aging_basis": "document date"}, {}, {"ladder": "5,20,40"},
)  # fmt: skip
SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_ledger_agrees_on_any_day(seed, monkeypatch):
    # where no currency has a rate the sheets show blanks (test_default_rule); the sums behind them are held against each other here
    monkeypatch.setattr("workbook.refresh.with_missing_rates", lambda sheet, *_: sheet)
    monkeypatch.setattr("workbook.reports.dashboard.missing_rates", lambda *_: "")
    draw = Draw(seed)
    book = draw.book(**WAYS[seed % len(WAYS)])
    for day in (draw.today, draw.today - 90 * DAY, draw.today + 200 * DAY)[: 1 if seed % 4 else 3]:
        agree(make_reports(book, book.settings, day).sheets, book, day)


def test_the_random_ledgers_hold_what_they_are_meant_to():
    ledgers = [row for seed in SEEDS for row in Draw(seed).ledger]
    kinds = {row.get("document_type", "invoice") for row in ledgers}
    assert kinds == {"invoice", "credit note", "payment", "advance", "adjustment"}
    assert any(row.get("instalment") == 3 for row in ledgers)
    assert any(row["amount"] < 0 for row in ledgers)
    assert {row["currency"] for row in ledgers} == set(CURRENCIES)
    assert sum(row.get("terms") == "D/A 90" and row["due_date"] is None for row in ledgers) > 5
    assert any(row["customer_id"] == "STRANGER" for row in ledgers)
    assert np.count_nonzero([bool(row.get("disputed_amount")) for row in ledgers]) > 30
