"""The demo's customers: who they are, how they pay, and what stands in their credit files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from workbook.demo.names import COUNTRIES, COUNTRY_GRADES, chinese_company, foreign_company

COUNT: Final = 300
#: customers that get visibly worse: later every month, orders that swing, changes of management
WORSENING: Final = ("C0023", "C0071", "C0118", "C0164", "C0209", "C0257")
#: how they pay: share of customers, median of days from the due date less the shift, spread of its logarithm, shift
HABITS: Final = {"prompt": (0.61, 6.0, 0.6, 8), "slow": (0.24, 20.0, 0.6, 5), "late": (0.10, 50.0, 0.5, 0), "bad": (0.05, 130.0, 0.4, 0)}
#: members of a group and its head: the first two are each within their limit and together above the head's, the others are within it
GROUPS: Final = {"C0079": "C0084", "C0233": "C0242"}
#: the court has accepted its bankruptcy
INSOLVENT: Final = "C0190"
TERMS: Final = (("NET 30", 30), ("NET 45", 45), ("NET 60", 60), ("NET 90", 90), ("月结30天", 30), ("EOM+60", 60))
SEGMENTS: Final = ("Distributor", "Manufacturer", "Retail", "Trading house")


@dataclass(frozen=True, slots=True)
class Customer:
    """What the ledger's generator needs to know of a customer; `size` is the mean invoice in cents, `rate` invoices a month."""

    number: str
    name: str
    name_zh: str
    country: str
    register_no: str
    currency: str
    habit: str
    size: int
    rate: float
    terms: str
    insured: bool
    instalments: bool
    settles_on_row: bool

    @property
    def worsening(self) -> bool:
        """Tell whether this is one of those that get worse."""
        return _gets_worse(int(self.number[1:]) - 1)


def _gets_worse(place: int) -> bool:
    return f"C{place % COUNT + 1:04d}" in WORSENING


def make_customers(draw: np.random.Generator, count: int = COUNT) -> list[Customer]:
    """Invent the customers; of more than the demo's, the same share gets worse."""
    made: list[Customer] = []
    names: set[str] = set()
    abroad = list(COUNTRIES)
    weights = np.array([9, 7, 5, 4, 4, 3, 3, 2, 3, 3, 3, 2, 3, 2, 2, 3, 2, 2, 3], dtype=np.float64)
    habits, shares = list(HABITS), [habit[0] for habit in HABITS.values()]
    while len(made) < count:
        country = "CN" if draw.random() < 0.45 else abroad[draw.choice(len(abroad), p=weights / weights.sum())]
        name, name_zh, register = chinese_company(draw) if country == "CN" else foreign_company(draw, country)
        if name in names:
            continue
        names.add(name)
        number = f"C{len(made) + 1:04d}"
        worse = _gets_worse(len(made))
        size = float(np.exp(draw.normal(10.6, 0.8))) * (1.0 if country != "CN" else 4.0)
        terms = ("NET 60", 60) if worse else TERMS[draw.choice(len(TERMS), p=[0.42, 0.16, 0.17, 0.05, 0.14, 0.06])]
        made.append(
            Customer(
                number, name, name_zh, country, register,
                currency="CNY" if country == "CN" else COUNTRIES[country][1],
                habit="slow" if worse else str(draw.choice(habits, p=shares)),
                size=int(size * 100),
                rate=1.3 if worse else float(np.clip(np.exp(draw.normal(-0.95, 0.6)), 0.15, 2.5)),
                terms=terms[0],
                insured=bool(draw.random() < 0.6),
                instalments=bool(draw.random() < 0.06),
                settles_on_row=bool(draw.random() < 0.12),
            ),
        )  # fmt: skip
    return made


def customer_table(draw: np.random.Generator, customers: list[Customer], yearly: dict[str, float], as_of: dt.date) -> dict[str, list[Any]]:
    """Write the sheet Customers. `yearly` is what each bought in twelve months, in the report currency."""
    table: dict[str, list[Any]] = {}
    for one in customers:
        for key, value in _row(draw, one, yearly.get(one.number, 0.0), as_of).items():
            table.setdefault(key, []).append(value)
    return table


def _row(draw: np.random.Generator, one: Customer, bought: float, as_of: dt.date) -> dict[str, Any]:
    first = as_of - dt.timedelta(days=int(draw.integers(560, 4_000)))
    reviewed = as_of - dt.timedelta(days=int(draw.integers(5, 85) if draw.random() < 0.7 else draw.integers(95, 420)))
    limit = max(round(bought * float(draw.uniform(0.25, 0.45)), -4), 50_000.0)
    weak = one.worsening or one.habit == "bad"
    checked = [reviewed if draw.random() < 0.9 else None for _ in range(3)]
    return {
        "customer_id": one.number,
        "name": one.name,
        "name_zh": one.name_zh or None,
        "country": one.country,
        "register_no": one.register_no,
        "group_id": GROUPS.get(one.number),
        "first_trade": first,
        "last_review": reviewed,
        "credit_limit": None if draw.random() < 0.04 else limit,
        "limit_until": reviewed + dt.timedelta(days=365),
        "insured_limit": round(limit * 0.8, -4) if one.insured else None,
        "status": _status(draw, one),
        "segment": SEGMENTS[draw.integers(len(SEGMENTS))],
        "register_verified": checked[0],
        "register_evidence": "extract" if checked[0] else None,
        "statements_verified": checked[1],
        "statements_evidence": f"accounts {checked[1].year - 1}" if checked[1] and int(one.number[1:]) % 9 else None,
        "reputation_verified": checked[2],
        "reputation_evidence": "2 references" if checked[2] else None,
        "litigation_count": int(draw.poisson(2.5 if weak else 0.15)),
        "management_changes": int(draw.integers(2, 5)) if one.worsening else int(draw.random() < 0.12),
        "bank_grade": "ABC"[draw.choice(3, p=[0.6, 0.3, 0.1])],
        "country_grade": COUNTRY_GRADES[one.country],
        **_statement(draw, one, bought, weak=weak),
    }


def _status(draw: np.random.Generator, one: Customer) -> str:
    drawn = "watch" if one.worsening and draw.random() < 0.5 else "hold" if one.habit == "bad" and draw.random() < 0.4 else "active"
    return "insolvent" if one.number == INSOLVENT else drawn


def _statement(draw: np.random.Generator, one: Customer, bought: float, *, weak: bool) -> dict[str, Any]:
    """Invent a balance sheet that hangs together; one customer in eight has sent none."""
    sales = round(max(bought, 200_000.0) * float(draw.uniform(5, 30)), -3)
    assets = round(sales * float(draw.uniform(0.5, 1.1)), -3)
    share = float(draw.uniform(0.70, 0.92) if weak else draw.uniform(0.30, 0.70))
    margin = float(draw.uniform(-0.04, 0.01) if weak else draw.uniform(0.02, 0.11))
    debts = round(assets * share, -3)
    current_debts = round(debts * float(draw.uniform(0.55, 0.85)), -3)
    current = round(assets * float(draw.uniform(0.35, 0.5) if weak else draw.uniform(0.45, 0.75)), -3)
    ebit = round(sales * margin, -3)
    sent = draw.random() >= 0.125
    values = {
        "cash": round(current * float(draw.uniform(0.03, 0.08) if weak else draw.uniform(0.08, 0.3)), -3),
        "current_assets": current,
        "total_assets": assets,
        "current_liabilities": current_debts,
        "total_liabilities": debts,
        "net_worth": assets - debts,
        "retained_earnings": round((assets - debts) * float(draw.uniform(-0.3, 0.2) if weak else draw.uniform(0.2, 0.7)), -3),
        "ebit": ebit,
        "net_profit": round(ebit * 0.75, -3) if ebit > 0 else ebit,
        "sales": sales,
    }
    return {"statement_currency": one.currency if sent else None, **{key: value if sent else None for key, value in values.items()}}
