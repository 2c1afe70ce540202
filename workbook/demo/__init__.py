"""A believable exporter, all of it invented: the data behind `xladdin demo`.

Three hundred customers, eighteen months of documents in three currencies, six customers that get worse, a few honest mistakes.
The same seed and as-of date give the same data everywhere.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from workbook.demo.arrangements import add_promises, date_first_trade, make_plans, report_overdue
from workbook.demo.customers import COUNT, customer_table, make_customers
from workbook.demo.documents import make_blacklist, make_contracts, make_orders, make_policies, policy_of
from workbook.demo.ledger import ledger_table, make_ledger
from workbook.demo.mistakes import spoil
from workbook.demo.rules import make_grades, make_holidays, make_rates, make_scorecard, make_signals
from workbook.questions.spans import month_ends

AS_OF = dt.date(2026, 6, 30)
#: what an exporter writes on Settings
SETTINGS = {
    "as_of": AS_OF,
    "creditor": "Invented Exporter Co., Ltd. 虚构出口有限公司",
    "creditor_address": "1 Example Road, Ningbo, China",
    "creditor_contact": "Credit control, credit@exporter.example",
    "payment_account": "Example Bank Ningbo, account 0000 0000 0000 (invented)",
    "our_country": "CN",
    "own_cash": 6_000_000,
    "own_liabilities": 21_000_000,
    "weekly_costs": 3_400_000,
}
#: days on which the firm ran its escalation list before
EARLIER_RUNS = (dt.date(2026, 4, 30), dt.date(2026, 5, 31))
#: days whose snapshots it stored
MONTH_ENDS = (*month_ends(AS_OF, 12), AS_OF)
_ROUGH_RATES = {"CNY": 1.0, "USD": 7.2, "EUR": 7.8}  # only to give customers limits of the right size


def demo_data(seed: int = 2026, as_of: dt.date = AS_OF, count: int = COUNT) -> dict[str, dict[str, list[Any]]]:
    """Return every table: key -> column key -> values of its cells, dates as `datetime.date`.

    Another `count` of customers makes a larger or smaller firm of the same kind.
    """
    # one stream of numbers per table: a change in one leaves the others as they were
    streams = [np.random.Generator(np.random.PCG64(one)) for one in np.random.SeedSequence(seed).spawn(8)]
    people, contracts_draw, ledger_draw, files, orders_draw, rates_draw, black, agreed = streams
    customers = make_customers(people, count)
    contracts, contract_of = make_contracts(contracts_draw, customers, as_of)
    writer = make_ledger(ledger_draw, customers, contract_of, policy_of(customers), as_of)
    yearly: dict[str, float] = {}
    for row in writer.rows:
        if row["document_type"] == "invoice" and (as_of - row["document_date"]).days < 365:
            yearly[row["customer_id"]] = yearly.get(row["customer_id"], 0.0) + row["amount"] * _ROUGH_RATES[row["currency"]]
    data = {
        "ledger": ledger_table(writer.rows),
        "customers": customer_table(files, customers, yearly, as_of),
        "contracts": contracts,
        "orders": make_orders(orders_draw, customers, as_of),
        "policies": make_policies(as_of),
        "blacklist": make_blacklist(black, customers, as_of),
        "rates": make_rates(rates_draw, as_of),
        "holidays": make_holidays(as_of),
        "signals": make_signals(),
        "scorecard": make_scorecard(),
        "grades": make_grades(),
    }
    date_first_trade(data["customers"], data["ledger"], as_of)
    add_promises(agreed, data["ledger"], as_of, most=count // 10)
    report_overdue(data["ledger"], data["policies"], as_of)
    data["plans"] = make_plans(agreed, data["ledger"], as_of, count)
    spoil(data["ledger"], as_of)
    return data


__all__ = ["AS_OF", "EARLIER_RUNS", "MONTH_ENDS", "SETTINGS", "demo_data"]
