"""The demo's contracts, orders, policies and blacklist."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

from workbook.demo.customers import COUNT, TERMS, Customer
from workbook.demo.ledger import MONTHS, activity, month_start
from workbook.demo.names import chinese_company, foreign_company
from workbook.tables import POLICIES

FORUMS_CN: Final = ("Shanghai Pudong New Area People's Court", "Ningbo Beilun District People's Court", "CIETAC")
FORUMS_ABROAD: Final = ("CIETAC", "HKIAC", "SIAC", "ICC")
LANDS: Final = {"CN": "the People's Republic of China", "HK": "Hong Kong", "UK": "England and Wales"}
REVIEWERS: Final = ("Chen Lan", "Wu Hao", "Zhao Min")
_CLAUSES_EN: Final = {
    "prepaid": "The Buyer pays {prepaid:.0%} of the price before delivery.",
    "penalty": "For late payment the Buyer owes a penalty of {penalty:.2%} of the unpaid amount a day.",
    "title": "Title to the goods stays with the Seller until the price is paid in full.",
    "dispute": "Disputes are settled by {dispute} at {forum}.",
    "law": "This contract is governed by the law of {land}.",
    "parts": "The price is paid in three instalments.",
    "terms": "The balance is due {days} days after delivery.",
}
_CLAUSES_ZH: Final = {
    "prepaid": "买方于发货前支付合同总价的{prepaid:.0%}作为预付款。",
    "penalty": "买方逾期付款的，每日按未付金额的{penalty:.2%}支付违约金。",
    "title": "货款付清之前，货物所有权归卖方所有。",
    "dispute": "因本合同发生的争议，提交{forum}{way}解决。",
    "law": "本合同适用中华人民共和国法律。",
    "terms": "余款于交货后{days}日内付清。",
    "parts": "货款分三期支付。",
}


def make_policies(as_of: dt.date) -> dict[str, list[Any]]:
    """Write the sheet Policies: whole turnover, named buyers abroad, and one that has run out."""
    year = as_of.year
    columns = [field.key for field in POLICIES.fields]
    rows = (
        ("WT-2026-01", "Invented Insurer A", "whole turnover", "CNY", 300_000_000.0, 0.9, 0.0045, 600_000.0, 20_000.0, 40_000_000.0,
         dt.date(year, 1, 1), dt.date(year, 12, 31), 60, 60, 90, 180, 365, "due date", "calendar"),
        ("NB-2026-07", "Invented Insurer B", "named buyers", "USD", 8_000_000.0, 0.85, 0.0085, 30_000.0, 5_000.0, 3_000_000.0,
         dt.date(year, 1, 1), dt.date(year, 12, 31), 30, 90, 60, 150, 300, "extension end", "calendar"),
        ("WT-2025-01", "Invented Insurer A", "whole turnover", "CNY", 260_000_000.0, 0.9, 0.0050, 600_000.0, 20_000.0, 35_000_000.0,
         dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31), 60, 60, 90, 180, 365, "due date", "calendar"),
    )  # fmt: skip
    return {key: [row[index] for row in rows] for index, key in enumerate(columns)}


def policy_of(customers: list[Customer]) -> dict[str, str]:
    """Return the policy that covers each insured customer: buyers in US dollars are named, the rest in the whole turnover."""
    return {one.number: "NB-2026-07" if one.currency == "USD" else "WT-2026-01" for one in customers if one.insured}


def make_contracts(draw: np.random.Generator, customers: list[Customer], as_of: dt.date) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Write the sheet Contracts for the larger customers; also the contract number by customer."""
    rows: list[dict[str, Any]] = []
    large = sorted(customers, key=lambda one: -one.size * one.rate)[: len(customers) * 3 // 5]
    for one in sorted(large, key=lambda one: one.number):
        rows.append(_contract(draw, one, f"K{as_of.year % 100:02d}-{len(rows) + 1:04d}", as_of))
    return {key: [row[key] for row in rows] for key in rows[0]}, {row["customer_id"]: row["contract_no"] for row in rows}


def _contract(draw: np.random.Generator, one: Customer, number: str, as_of: dt.date) -> dict[str, Any]:
    signed = as_of - dt.timedelta(days=int(draw.integers(40, 700)))
    value = float(round(one.size / 100 * one.rate * 12 * float(draw.uniform(0.8, 1.3)), -3))
    abroad = one.country != "CN"
    prepaid = (0.0, 0.1, 0.2, 0.3, 0.3, 0.4)[draw.integers(6)]
    penalty = (None, 0.0003, 0.0005, 0.0005, 0.001, 0.002)[draw.integers(6)]
    dispute = "none" if draw.random() < 0.08 else "arbitration" if abroad or draw.random() < 0.4 else "court"
    forums = FORUMS_ABROAD if abroad else FORUMS_CN[2:] if dispute == "arbitration" else FORUMS_CN[:2]
    forum = forums[draw.integers(len(forums))] if dispute != "none" else None
    title = bool(draw.random() < 0.55)
    reviewed = draw.random() < 0.6
    drawn = int(draw.choice([30, 45, 60, 90]))
    usual = dict(TERMS)[one.terms] + (30 if one.terms.startswith("EOM") else 0)
    days = drawn if int(one.number[1:]) % 12 == 0 else usual  # some invoices give more days than their contract
    law = "CN" if not abroad or draw.random() < 0.5 else ("HK", "UK")[draw.integers(2)]
    clauses = _CLAUSES_EN if abroad else _CLAUSES_ZH
    written = title and int(one.number[1:]) % 13 != 0  # here and below: what was signed is not always what was typed
    agreed = prepaid / 2 if int(one.number[1:]) % 11 == 0 else prepaid
    said = [
        ("prepaid", agreed > 0), ("parts", one.instalments), ("terms", True), ("penalty", penalty), ("title", written), ("dispute", forum),
        ("law", True),
    ]  # fmt: skip
    way = "仲裁" if dispute == "arbitration" else "诉讼"
    text = " ".join(
        clauses[key].format(prepaid=agreed, penalty=penalty or 0, days=days, dispute=dispute, forum=forum, land=LANDS[law], way=way)
        for key, has in said
        if has
    )
    return {
        "contract_no": number,
        "customer_id": one.number,
        "signed": signed,
        "value": value,
        "currency": one.currency,
        "prepaid": round(value * prepaid, 2) if prepaid else None,
        "instalments": 3 if one.instalments else None,
        "credit_days": days,
        "penalty_daily": penalty,
        "dispute": dispute,
        "forum": forum,
        "governing_law": law,
        "cross_border": abroad,
        "retention_of_title": title,
        "legal_review_by": REVIEWERS[draw.integers(len(REVIEWERS))] if reviewed else None,
        "legal_review_date": signed - dt.timedelta(days=int(draw.integers(2, 20))) if reviewed else None,
        "text": text if draw.random() < 0.8 else None,
    }


def make_orders(draw: np.random.Generator, customers: list[Customer], as_of: dt.date) -> dict[str, list[Any]]:
    """Write the sheet Orders: by month, for the largest fifth of the customers and those that get worse."""
    large = sorted(customers, key=lambda one: -one.size * one.rate)[: len(customers) // 5]
    chosen = sorted(
        {one.number: one for one in [*large, *(one for one in customers if one.worsening)]}.values(), key=lambda one: one.number
    )
    table: dict[str, list[Any]] = {key: [] for key in ("order_no", "customer_id", "order_date", "currency", "amount", "invoiced_amount")}
    for back in range(MONTHS - 1, -1, -1):
        day = month_start(as_of, back)
        for one in chosen:
            cents = int(one.size * max(one.rate, 0.5) * activity(one, back) * float(np.exp(draw.normal(0.0, 0.15))))
            invoiced = cents if back > 1 else int(cents * (0.6, 0.85)[back])
            row = (f"{day:%Y-%m}", one.number, day, one.currency, cents / 100, invoiced / 100)
            for key, value in zip(table, row, strict=True):
                table[key].append(value)
    return table


def make_blacklist(draw: np.random.Generator, customers: list[Customer], as_of: dt.date) -> dict[str, list[Any]]:
    """Write the sheet Blacklist: invented buyers, one that is a customer by number, others by name, appealed or ended."""
    by_number = next(one for one in customers if one.country == "CN" and one.habit == "bad")
    by_name = next(one for one in customers if one.country == "DE" and one.habit != "prompt")
    table: dict[str, list[Any]] = {key: [] for key in ("name", "register_no", "source", "listed_on", "expires_on", "appeal", "note")}

    def add(name: str, number: str | None, source: str, age: int, years: int, note: str, appeal: str | None = None) -> None:
        listed = as_of - dt.timedelta(days=age)
        row = (name, number, source, listed, listed + dt.timedelta(days=365 * years), appeal, note)
        for key, value in zip(table, row, strict=True):
            table[key].append(value)

    add(by_number.name_zh, by_number.register_no, "industry association (invented)", 120, 3, "does not perform judgments")
    add(by_name.name.replace(" GmbH", " AG"), None, "own file", 300, 3, "returned goods without cause")
    alike, another, ended = [one for one in customers if one.country not in ("CN", "DE") and one.habit != "prompt"][:3]
    add(alike.name.replace("e", "a", 1), None, "industry association (invented)", 200, 3, "disputes every delivery", "pending")
    add(another.name, "HRB 000001", "industry association (invented)", 90, 3, "unpaid for over a year")
    add(ended.name, ended.register_no, "own file", 1_200, 3, "paid in full since")
    add("Old Entry Trading Ltd", None, "own file", 1_900, 2, "entry has ended")
    abroad = ("US", "TR", "BR", "VN", "AE")
    for index in range(len(customers) * 9 // COUNT):
        name, name_zh, number = chinese_company(draw) if index % 2 else foreign_company(draw, abroad[index // 2 % len(abroad)])
        add(name_zh or name, number, "industry association (invented)", int(draw.integers(30, 700)), 3, "unpaid for over a year")
    return table
