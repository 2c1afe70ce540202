"""Payment plans: what was agreed, what was paid and what is late; and which instalments lie beyond the insurer's longest extension.

Policies let a seller extend a due date for so many days without asking; a plan that runs on without consent puts the cover at risk.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.open_items import read_open_items
from workbook.reports.common import Exchange, Items, amount_text, as_of_words, customer_names, items_of, sums
from workbook.reports.plan_register import LATE, PAID, PAID_LATE, TO_COME, Instalments, Plans, read_plans
from workbook.reports.register_columns import register_columns
from workbook.reports.register_words import say
from workbook.settings import Settings
from workbook.sheet import Block, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "plan_no": ("text", 12), "instalment": ("integer", 6), "customer_id": ("text", 12), "name": ("text", 30), "currency": ("text", 10),
    "plan_documents": ("text", 24), "agreed_on": ("date", 12), "due_date": ("date", 12), "planned": ("amount", 15),
    "plan_interest": ("amount", 13), "plan_paid": ("amount", 15), "plan_missing": ("amount", 15), "plan_state": ("text", 11),
    "plan_late": ("integer", 9), "extension_until": ("date", 12), "plan_flag": ("text", 40),
}  # fmt: skip
#: the first few are said on the sheet; Data problems lists all
NOTED: Final = 3
_ORDER: Final = (LATE, TO_COME, PAID_LATE, PAID)


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the register; the last ones belong to the analyst."""
    return register_columns(_WIDTHS, settings.language, ("plan_no", "instalment"), ("plan_state",))


@report(
    key="payment_plans",
    sheet="Payment plans",
    label="Payment plans",
    label_zh="付款计划",
    help="Instalments planned, paid and late, and those beyond the insurer's longest extension.",
    help_zh="付款计划：各期计划、已付与逾期，以及超出保险最长展期的各期。",
    columns=columns,
    order=12,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List the instalments of all plans agreed by the day, late ones first."""
    language = settings.language
    rows, plans = read_plans(book, as_of, language)
    customers = np.array(rows.table["customer_id"].to_pylist(), dtype=object)
    beyond = np.where(np.isnat(rows.extension), 0, (rows.due - rows.extension).astype(np.int64))
    beyond = np.where((beyond > 0) & np.isin(rows.state.astype(str), (LATE, TO_COME)), beyond, 0)
    data: dict[str, Any] = {
        "plan_no": np.array(rows.table["plan_no"].to_pylist(), dtype=object),
        "instalment": np.array(rows.table["instalment"].to_pylist(), dtype=object),
        "customer_id": customers,
        "name": np.asarray(customer_names(book, customers, language), dtype=object),
        "currency": np.array(rows.table["currency"].to_pylist(), dtype=object),
        "plan_documents": np.array([text or "" for text in rows.table["documents"].to_pylist()], dtype=object),
        "agreed_on": np.asarray(rows.table["agreed_on"].to_numpy(zero_copy_only=False), dtype="datetime64[D]"),
        "due_date": rows.due,
        "planned": rows.amount,
        "plan_interest": rows.interest,
        "plan_paid": rows.paid,
        "plan_missing": rows.amount - rows.paid,
        "plan_state": np.array([say(f"plan_{state}", language) for state in rows.state], dtype=object),
        "plan_late": np.array([int(days) or None for days in rows.late], dtype=object),
        "extension_until": rows.extension,
        "plan_flag": _flags(beyond, rows.policy, language),
    }
    rank = np.array([_ORDER.index(state) for state in rows.state], dtype=np.int64)
    order = np.lexsort((data["plan_no"].astype(str), rows.due, rank))
    shown = {key: values[order] for key, values in data.items()}
    exchange = Exchange(book, settings, as_of)
    totals = _totals(shown, settings)
    return Sheet(
        report="payment_plans",
        name="Payment plans",
        title=say("payment_plans_title", language),
        subtitle=as_of_words(settings, as_of, len(order), "unit_instalments"),
        columns=columns(settings),
        data=shown,
        key_columns=("plan_no", "instalment"),
        totals=list(totals.values()),
        total_keys=totals,
        codes={"plan_state": rows.state[order].tolist()},
        facts=_facts(rows, data["currency"], beyond > 0, exchange, settings),
        notes=[finding.message for finding in (*plans.problems[:NOTED], *exchange.problems)],
        invariants=_invariants(book, rows, plans, data["currency"], settings, as_of),
        blocks=[_by_plan(rows, plans, data, settings)] if len(order) else [],
        problems=[*plans.problems, *exchange.problems],
    )


def _flags(beyond: NDArray[np.int64], policies: NDArray[np.object_], language: str) -> NDArray[np.object_]:
    """Say how many days beyond the longest extension an instalment lies; nothing where it is within."""
    pairs = zip(beyond.tolist(), policies, strict=True)
    return np.array([say("plan_beyond", language, days=f"{days:,}", policy=policy) if days else "" for days, policy in pairs], dtype=object)


def _totals(data: dict[str, Any], settings: Settings) -> dict[str, dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for currency in sorted(set(data["currency"].tolist())):
        mine = data["currency"] == currency
        totals[currency] = {
            "plan_no": say("total", settings.language, currency=currency),
            "currency": currency,
            **{key: int(data[key][mine].sum()) for key in ("planned", "plan_interest", "plan_paid", "plan_missing")},
        }
    return totals


def _facts(
    rows: Instalments, currencies: NDArray[np.object_], beyond: NDArray[np.bool_], exchange: Exchange, settings: Settings
) -> list[tuple[str, str]]:
    language, currency = settings.language, settings.report_currency
    planned, _ = exchange.convert(rows.amount, currencies)
    paid, _ = exchange.convert(rows.paid, currencies)
    missing = planned - paid
    late = rows.state == LATE

    def counted(mask: NDArray[np.bool_]) -> str:
        return f"{int(mask.sum()):,} · {amount_text(int(missing[mask].sum()), currency)}"

    return [
        (say("fact_planned", language), amount_text(int(planned.sum()), currency)),
        (say("fact_plan_paid", language), amount_text(int(paid.sum()), currency)),
        (say("fact_plan_late", language), counted(late)),
        (say("fact_plan_beyond", language), counted(beyond)),
    ]


def _invariants(
    book: CreditBook, rows: Instalments, plans: Plans, currencies: NDArray[np.object_], settings: Settings, as_of: dt.date
) -> list[Invariant]:
    """Check what is open on the plans' documents, worked out by plan, against the open items of the day."""
    items = items_of(book, as_of) if book.small else Items(*read_open_items(plans.ledger, as_of))
    by_row = dict(zip(items.table["row"].to_pylist(), zip(items.money("open").tolist(), items.applied.tolist(), strict=True), strict=True))
    currency_of = dict(zip(rows.plan.tolist(), currencies.tolist(), strict=True))
    mine: dict[str, int] = {}
    ledger: dict[str, int] = {}
    for number, covered in enumerate(plans.ledger_rows):
        currency = currency_of[number]
        mine[currency] = mine.get(currency, 0) + int(plans.open_now[number])
        found = [by_row.get(row, (0, True)) for row in covered]
        ledger[currency] = ledger.get(currency, 0) + sum(amount for amount, applied in found if applied)
    return [Invariant(say("check_plans", settings.language), currency, mine[currency], ledger[currency]) for currency in sorted(mine)]


def _by_plan(rows: Instalments, plans: Plans, data: dict[str, Any], settings: Settings) -> Block:
    """Sum each plan: what was open when it was agreed, planned, paid, late, and the next date."""
    language, count = settings.language, len(plans.names)
    planned, paid = sums(rows.plan, rows.amount, count), sums(rows.plan, rows.paid, count)
    late = sums(rows.plan, np.where(rows.state == LATE, rows.amount - rows.paid, 0), count)
    number = np.bincount(rows.plan, minlength=count)
    first = [int(np.flatnonzero(rows.plan == plan)[0]) for plan in range(count)]
    coming = [rows.due[(rows.plan == plan) & (rows.state == TO_COME)] for plan in range(count)]
    return Block(
        say("by_plan", language),
        (
            Column("plan_no", say("plan_no", language), "text", 12, "key"),
            Column("items", say("items", language), "integer"),
            Column("customer_id", say("customer_id", language), "text"),
            Column("name", say("name", language), "text", 30),
            Column("currency", say("currency", language), "text"),
            Column("open_then", say("open_at_agreement", language), "amount"),
            Column("progress", say("plan_progress", language), "rate"),
            Column("next", say("plan_next", language), "date"),
            Column("planned", say("planned", language), "amount"),
            Column("blank", "", "text"),
            Column("paid", say("plan_paid", language), "amount"),
            Column("late", say("fact_plan_late", language), "amount", 15, "strong"),
        ),
        {
            "plan_no": plans.names,
            "items": number,
            "customer_id": data["customer_id"][first],
            "name": data["name"][first],
            "currency": data["currency"][first],
            "open_then": plans.open_then,
            "progress": [float(part / whole) if whole else None for part, whole in zip(paid, planned, strict=True)],
            "next": [days.min().item() if len(days) else None for days in coming],
            "planned": planned,
            "blank": [""] * count,
            "paid": paid,
            "late": late,
        },
    )
