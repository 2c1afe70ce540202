"""Aging: who owes what, how late; customer by bucket, per currency and in the report currency."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.aging import bucket_labels, days_overdue, index_of_days
from workbook.book import CreditBook
from workbook.due_dates import is_without
from workbook.labels import word
from workbook.reports.common import Exchange, Ints, Items, amount_text, as_of_words, bucket_items, customer_names, group, sums
from workbook.reports.worth import items_worth
from workbook.settings import Settings
from workbook.sheet import Column, Invariant, Sheet, money_to_float
from xladdin.registry import report

#: what stands in no bucket of age: numbers of columns counted from the end
UNAPPLIED: Final = -1
WITHOUT_DUE: Final = -2
_APART: Final = ("unapplied", "without_due")


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the aging table: one per bucket of the settings."""
    language = settings.language
    labels = bucket_labels(settings.limits, language)
    keys = ["not_due", *(f"bucket_{number}" for number in range(1, len(labels)))]
    return (
        Column("customer_id", word("customer_id", language), "text", 12, "key"),
        Column("name", word("name", language), "text", 42),
        Column("currency", word("currency", language), "text", 10, "key"),
        *(Column(key, label, "amount", 15) for key, label in zip(keys, labels, strict=True)),
        Column("unapplied", word("unapplied", language), "amount", 15),
        Column("without_due", word("without_due", language), "amount", 15),
        Column("outstanding", word("outstanding", language), "amount", 16, "strong"),
        Column("overdue", word("overdue", language), "amount", 15),
        Column("disputed", word("disputed", language), "amount", 15),
        Column("outstanding_report", word("outstanding_report", language, currency=settings.report_currency), "amount", 19),
        Column("owner", word("owner", language), "text", 12, "input"),
        Column("note", word("note", language), "text", 28, "input"),
    )


def buckets(items: Items, settings: Settings, as_of: dt.date) -> NDArray[np.int64]:
    """Return each row's bucket; -1 is the column of unapplied amounts, -2 that of documents without a due date where age counts from it."""
    basis = "document_date" if settings.aging_basis == "document date" else "due_date"
    index = index_of_days(days_overdue(items.dates(basis), np.datetime64(as_of, "D")), settings.limits)
    index = np.where(is_without(items.dates(basis)), WITHOUT_DUE, index)
    if settings.unapplied == "by date":
        dated = index_of_days(days_overdue(items.dates("document_date"), np.datetime64(as_of, "D")), settings.limits)
        return np.where(items.applied, index, dated)
    return np.where(items.applied, index, UNAPPLIED)


@report(
    key="aging",
    sheet="Aging",
    label="Aging",
    label_zh="账龄表",
    help="Who owes what, how late: customer by bucket, per currency and in the report currency.",
    help_zh="谁欠多少、逾期多久：客户按账龄段，分币种及折合报告币种。",
    columns=columns,
    order=1,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Sum the open items of the day by customer, currency and bucket; they are the outstanding and the ledger, or it says where not."""
    items = bucket_items(book, settings, as_of)
    if settings.unapplied == "oldest first":
        items = settle_oldest_first(items)
    opened = items.money("open")
    index = buckets(items, settings, as_of)
    (customers, currencies), rows = group(items.texts("customer_id"), items.texts("currency"))
    count = len(customers)
    width = len(settings.limits) + 2
    matrix = np.zeros((count, width + len(_APART)), dtype=np.int64)  # its last columns take what is in no bucket
    np.add.at(matrix, (rows, index), opened)
    outstanding = sums(rows, opened, count)
    overdue = matrix[:, 1:width].sum(axis=1)
    exchange = Exchange(book, settings, as_of)
    converted, known = exchange.convert(outstanding, currencies)
    order = np.lexsort((currencies.astype(str), customers.astype(str), -converted))
    keys = ["not_due", *(f"bucket_{number}" for number in range(1, width))]
    data: dict[str, Any] = {
        "customer_id": customers[order],
        "name": customer_names(book, customers[order], settings.language),
        "currency": currencies[order],
        **{key: matrix[order, number] for number, key in enumerate(keys)},
        "unapplied": matrix[order, UNAPPLIED],
        "without_due": matrix[order, WITHOUT_DUE],
        "outstanding": outstanding[order],
        "overdue": overdue[order],
        "disputed": sums(rows, items.money("disputed"), count)[order],
        "outstanding_report": [
            int(value) if has else None for value, has in zip(converted[order].tolist(), known[order].tolist(), strict=True)
        ],
    }
    amounts = [*keys, *_APART, "outstanding", "overdue", "disputed"]
    totals = _totals(data, amounts, settings)
    in_report, chart = _in_report_currency(items, index, exchange, settings)
    only = next(iter(totals)) if len(totals) == 1 and exchange.known_rate(next(iter(totals))) is None else ""
    if only:  # one currency without a rate speaks for itself
        labels = bucket_labels(settings.limits, settings.language)
        chart = [(label, float(money_to_float(totals[only][key]))) for label, key in zip(labels, keys, strict=True)]
    language = settings.language
    return Sheet(
        report="aging",
        name="Aging",
        title=word("aging_title", language),
        subtitle=as_of_words(settings, as_of, items.documents, "unit_items"),
        columns=columns(settings),
        data=data,
        key_columns=("customer_id", "currency"),
        totals=[*totals.values(), *([in_report] if in_report else [])],
        total_keys=totals,
        facts=_facts(totals[only] if only else in_report, keys, only or settings.report_currency, settings.language),
        notes=[finding.message for finding in exchange.problems],
        invariants=_invariants(items, totals, keys, settings),
        problems=exchange.problems,
        chart=chart,
    )


def _totals(data: dict[str, Any], amounts: list[str], settings: Settings) -> dict[str, dict[str, Any]]:
    """Total each currency on its own."""
    totals: dict[str, dict[str, Any]] = {}
    for currency in sorted(set(data["currency"].tolist())):
        mine = data["currency"] == currency
        totals[currency] = {
            "customer_id": word("total", settings.language, currency=currency),
            "currency": currency,
            **{key: int(np.asarray(data[key])[mine].sum()) for key in amounts},
        }
        if all(value is not None for value, take in zip(data["outstanding_report"], mine, strict=True) if take):
            totals[currency]["outstanding_report"] = sum(
                value for value, take in zip(data["outstanding_report"], mine, strict=True) if take
            )
    return totals


def _in_report_currency(
    items: Items, index: NDArray[np.int64], exchange: Exchange, settings: Settings
) -> tuple[dict[str, Any], list[tuple[str, float]]]:
    """Total all currencies in the report currency; `index` is each item's bucket."""
    if not len(index):
        return {}, []
    total: dict[str, Any] = {
        "customer_id": word("total_report", settings.language, currency=settings.report_currency),
        "currency": settings.report_currency,
    }
    worth, disputed = items_worth(items, exchange)
    labels = bucket_labels(settings.limits, settings.language)
    keys = ["not_due", *(f"bucket_{number}" for number in range(1, len(labels)))]
    parts = sums(np.where(index < 0, len(keys) - 1 - index, index), worth, len(keys) + len(_APART)).tolist()
    total |= dict(zip([*keys, *_APART], parts, strict=True))
    overdue = sum(parts[1 : len(keys)])
    total |= {"outstanding": sum(parts), "outstanding_report": sum(parts), "overdue": overdue, "disputed": int(disputed.sum())}
    chart = [(label, float(money_to_float(total[key]))) for label, key in zip(labels, keys, strict=True)]
    return total, chart


def _facts(total: dict[str, Any], keys: list[str], currency: str, language: str) -> list[tuple[str, str]]:
    if not total:
        return []
    outstanding = total["outstanding"]

    def share(amount: int) -> str:
        return f"{amount_text(amount, currency)} ({amount / outstanding:.0%})" if outstanding > 0 else amount_text(amount, currency)

    return [
        (word("fact_outstanding", language), amount_text(outstanding, currency)),
        (word("fact_overdue", language), share(total["overdue"])),
        (word("fact_oldest_bucket", language), share(total[keys[-1]])),
        (word("fact_unapplied", language), amount_text(total["unapplied"], currency)),
        *([(word("without_due", language), share(total["without_due"]))] if total["without_due"] else []),
        (word("fact_disputed", language), amount_text(total["disputed"], currency)),
    ]


def _invariants(items: Items, totals: dict[str, dict[str, Any]], keys: list[str], settings: Settings) -> list[Invariant]:
    """Check the report against itself and against the ledger, summed without applying anything."""
    ledger: dict[str, int] = dict.fromkeys(totals, 0)
    by_customer: dict[tuple[str, str], int] = {}
    for (customer, currency), amount in items.control.items():
        ledger[currency] = ledger.get(currency, 0) + amount
        by_customer[customer, currency] = amount
    shown: dict[tuple[str, str], int] = {}
    (customers, currencies), rows = group(items.texts("customer_id"), items.texts("currency"))
    for customer, currency, amount in zip(customers, currencies, sums(rows, items.money("open"), len(customers)).tolist(), strict=True):
        shown[customer, currency] = amount
    checks: list[Invariant] = []
    for currency, amount in sorted(ledger.items()):
        total = totals.get(currency, {})
        parts = sum(total.get(key, 0) for key in [*keys, *_APART])
        outstanding = total.get("outstanding", 0)
        wrong = [c for (c, money), due in by_customer.items() if money == currency and shown.get((c, money), 0) != due]
        checks.append(Invariant(word("check_buckets", settings.language), currency, parts, outstanding))
        checks.append(Invariant(word("check_ledger", settings.language), currency, outstanding, amount, ", ".join(wrong[:20])))
    return checks


def settle_oldest_first(items: Items) -> Items:
    """Let unapplied amounts settle the oldest open items of the same customer and currency; what is left over stays unapplied."""
    (customers, _), account = group(items.texts("customer_id"), items.texts("currency"))
    opened, applied = items.money("open"), items.applied
    given = ~applied & (opened < 0)  # a refund is unapplied too, and settles nothing
    rest = opened.copy()
    for side, against, dates in ((applied, given, items.dates("due_date")), (given, applied, items.dates("document_date"))):
        other = sums(account[against], np.abs(opened[against]), len(customers))
        order = np.flatnonzero(side)[np.lexsort((dates[side], account[side]))]
        amount = np.abs(opened[order])
        running = np.cumsum(amount) - amount
        starts = np.r_[True, account[order][1:] != account[order][:-1]] if len(order) else np.zeros(0, dtype=np.bool_)
        base = np.maximum.accumulate(np.where(starts, running, 0)) if len(order) else running
        used = np.clip(other[account[order]] - (running - base), 0, amount)
        rest[order] = np.sign(opened[order]) * (amount - used)
    keep = rest != 0
    position = items.table.schema.get_field_index("open")
    table = items.table.set_column(position, "open", [rest])
    disputed: Ints = np.minimum(items.money("disputed"), np.maximum(rest, 0))
    table = table.set_column(table.schema.get_field_index("disputed"), "disputed", [disputed])
    return Items(table, items.control).take(keep)
