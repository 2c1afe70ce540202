"""Disputes: what customers contest, for how long, who must act, and what the dispute holds up.

A disputed part is not escalated and bears no late interest, and a credit insurer pays nothing on it before it is settled; so an
old dispute costs cover as well as cash. Which department answers for which reason is a house rule.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.aging import days_overdue
from workbook.book import CreditBook
from workbook.due_dates import shown
from workbook.findings import Finding
from workbook.questions.columns import texts, whole
from workbook.questions.today import disputed_open, open_accounts
from workbook.reports.aging import settle_oldest_first
from workbook.reports.common import Exchange, Ints, Items, amount_text, as_of_words, customer_names, group, items_of, sums
from workbook.reports.register_columns import register_columns
from workbook.reports.register_words import say
from workbook.reports.worth import items_worth
from workbook.settings import Settings
from workbook.sheet import Block, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

#: department -> words in a reason that call for it, English and Chinese; the first that fits answers. House rule.
REASON_WORDS: Final = {
    "act_quality": ("quality", "defect", "damage", "质量", "瑕疵", "损坏"),
    "act_quantity": ("quantity", "short", "missing", "数量", "短少", "短缺"),
    "act_price": ("price", "discount", "rebate", "价格", "单价", "折扣"),
    "act_delivery": ("deliver", "late shipment", "transport", "交期", "交货", "运输"),
    "act_documents": ("document", "invoice", "paper", "单证", "发票", "单据"),
}

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "document_no": ("text", 15), "instalment": ("integer", 6), "customer_id": ("text", 12), "name": ("text", 30), "currency": ("text", 10),
    "due_date": ("date", 12), "days_overdue": ("integer", 10), "open_amount": ("amount", 15), "disputed_amount": ("amount", 15),
    "dispute_share": ("rate", 10), "dispute_reason": ("text", 16), "disputed_since": ("date", 12), "dispute_age": ("integer", 9),
    "act_by": ("date", 12), "dispute_late": ("integer", 9), "must_act": ("text", 17), "blocked": ("text", 44),
}  # fmt: skip


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the register; the last ones belong to the analyst."""
    return register_columns(_WIDTHS, settings.language, ("document_no", "instalment"), ("disputed_amount", "dispute_age"))


def who_must_act(reasons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the key of the department that answers for each reason; equal texts are read once."""
    seen: dict[str, str] = {}
    for reason in set(reasons.tolist()):
        text = str(reason).casefold()
        seen[reason] = next((who for who, words in REASON_WORDS.items() if any(one in text for one in words)), "act_other")
    return np.array([seen[reason] for reason in reasons.tolist()], dtype=object)


@report(
    key="disputes",
    sheet="Disputes",
    label="Disputes",
    label_zh="争议登记",
    help="What customers contest: amount, reason, age, who must act and what is blocked; adds up to the disputed column of Aging.",
    help_zh="客户争议：金额、原因、天数、责任部门及受阻事项；合计等于账龄表争议列。",
    columns=columns,
    order=10,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List every open item that is disputed, oldest dispute first."""
    language, today = settings.language, np.datetime64(as_of, "D")
    exchange = Exchange(book, settings, as_of)
    items, converted, expected = _contested(book, settings, exchange, as_of)
    opened, disputed = items.money("open"), items.money("disputed")
    since, undated = _since(items)
    age = (today - since).astype(np.int64)
    reasons, currencies = items.texts("dispute_reason"), items.texts("currency")
    act_by = since + np.timedelta64(settings.dispute_days, "D")
    beyond = np.maximum(age - settings.dispute_days, 0)
    customers = items.texts("customer_id")
    departments = who_must_act(reasons)
    data: dict[str, Any] = {
        "document_no": items.texts("document_no"),
        "instalment": np.asarray(items.table["instalment"].to_pylist(), dtype=object),
        "customer_id": customers,
        "name": np.asarray(customer_names(book, customers, language), dtype=object),
        "currency": currencies,
        "due_date": shown(items.dates("due_date")),
        "days_overdue": np.maximum(days_overdue(items.dates("due_date"), today), 0),
        "open_amount": opened,
        "disputed_amount": disputed,
        "dispute_share": disputed / np.maximum(opened, 1),
        "dispute_reason": reasons,
        "disputed_since": since,
        "dispute_age": age,
        "act_by": act_by,
        "dispute_late": np.array([int(days) or None for days in beyond], dtype=object),
        "must_act": np.array([say(key, language) for key in departments], dtype=object),
        "blocked": _blocked(items, language),
    }
    order = np.lexsort((data["document_no"].astype(str), -disputed, -age))
    data = {key: values[order] for key, values in data.items()}
    totals = _totals(data, settings)
    problems = [*exchange.problems]
    if undated:
        text = say("dispute_undated", language, count=f"{undated:,}")
        problems.append(Finding("ledger", 0, "dispute_date", text, "", "warning"))
    return Sheet(
        report="disputes",
        name="Disputes",
        title=say("disputes_title", language),
        subtitle=as_of_words(settings, as_of, len(opened), "unit_disputes"),
        columns=columns(settings),
        data=data,
        key_columns=("document_no", "instalment"),
        totals=list(totals.values()),
        total_keys=totals,
        codes={"must_act": departments[order].tolist()},
        facts=_facts(data, converted[order], settings),
        notes=[finding.message for finding in problems],
        invariants=_invariants(expected, data, settings),
        blocks=[_by_reason(data, settings)] if len(opened) else [],
        problems=problems,
    )


def _contested(book: CreditBook, settings: Settings, exchange: Exchange, as_of: dt.date) -> tuple[Items, Ints, dict[str, int]]:
    """Return the disputed items, what their disputed parts are worth, and the disputed column of Aging by currency."""
    if settings.unapplied == "oldest first":  # cash on account settles disputed items too: all items are needed
        everything = settle_oldest_first(items_of(book, as_of))
        contested = everything.applied & (everything.money("disputed") > 0)
        items = everything.take(contested)
        converted = items_worth(everything, exchange)[1][contested]
        codes, amounts = everything.texts("currency"), everything.money("disputed")
    else:
        items = Items(disputed_open(book, exchange, as_of), {})
        converted = items.money("contested")
        accounts = open_accounts(book, exchange, as_of)
        codes, amounts = texts(accounts, "currency"), whole(accounts, "disputed")
    (names,), rows = group(codes)
    return items, converted, dict(zip(names.tolist(), sums(rows, amounts, len(names)).tolist(), strict=True))


def _since(items: Items) -> tuple[NDArray[np.datetime64], int]:
    """Return the day each dispute was raised; where nobody wrote it down the document date, and how many those are."""
    since = items.dates("dispute_date")
    missing = np.isnat(since)
    return np.where(missing, items.dates("document_date"), since), int(missing.sum())


def _blocked(items: Items, language: str) -> NDArray[np.object_]:
    """Say what each dispute holds up: the ladder and the insurer's cover."""
    opened, disputed, policies, currencies = items.money("open"), items.money("disputed"), items.texts("policy_no"), items.texts("currency")
    separator = "；" if language == "zh" else "; "
    made = np.full(len(opened), "", dtype=object)
    for row, (all_of_it, part, policy, currency) in enumerate(zip(opened.tolist(), disputed.tolist(), policies, currencies, strict=True)):
        first = say("block_all", language) if part >= all_of_it else say("block_part", language, amount=amount_text(part, currency))
        insurer = [say("block_insurer", language, policy=policy)] if policy else []
        made[row] = separator.join([first, *insurer])
    return made


def _totals(data: dict[str, Any], settings: Settings) -> dict[str, dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for currency in sorted(set(data["currency"].tolist())):
        mine = data["currency"] == currency
        totals[currency] = {
            "document_no": say("total", settings.language, currency=currency),
            "currency": currency,
            "open_amount": int(data["open_amount"][mine].sum()),
            "disputed_amount": int(data["disputed_amount"][mine].sum()),
        }
    return totals


def _facts(data: dict[str, Any], converted: Ints, settings: Settings) -> list[tuple[str, str]]:
    language, currency = settings.language, settings.report_currency
    late = data["dispute_age"] > settings.dispute_days
    facts = [
        (say("fact_disputed_total", language), amount_text(int(converted.sum()), currency)),
        (
            say("fact_disputes_late", language, days=settings.dispute_days),
            f"{int(late.sum()):,} · {amount_text(int(converted[late].sum()), currency)}",
        ),
    ]
    if len(late):
        facts.append((say("fact_oldest_dispute", language), say("days", language, days=f"{int(data['dispute_age'].max()):,}")))
    return facts


def _invariants(expected: dict[str, int], data: dict[str, Any], settings: Settings) -> list[Invariant]:
    """Check the register against the disputed column of Aging, which sums all open items by customer and currency first."""
    return [
        Invariant(
            say("check_disputed", settings.language),
            currency,
            int(data["disputed_amount"][data["currency"] == currency].sum()),
            amount,
        )
        for currency, amount in sorted(expected.items())
    ]


def _by_reason(data: dict[str, Any], settings: Settings) -> Block:
    """Sum the register by reason and currency: where disputes come from."""
    language = settings.language
    (reasons, currencies), rows = group(data["dispute_reason"], data["currency"])
    count = len(reasons)
    amount, oldest = sums(rows, data["disputed_amount"], count), np.zeros(count, dtype=np.int64)
    np.maximum.at(oldest, rows, data["dispute_age"])
    order = np.lexsort((-amount, reasons.astype(str)))
    shown = np.array([reason or say("no_reason", language) for reason in reasons], dtype=object)
    return Block(
        say("by_reason", language),
        (
            Column("reason", say("dispute_reason", language), "text", 15, "key"),
            Column("items", say("items", language), "integer"),
            Column("currency", say("currency", language), "text"),
            Column("must_act", say("must_act", language), "text"),
            Column("blank", "", "text"),
            Column("blank2", "", "text"),
            Column("oldest", say("dispute_age", language), "integer"),
            Column("amount", say("disputed_amount", language), "amount", 15, "strong"),
        ),
        {
            "reason": shown[order],
            "items": np.bincount(rows, minlength=count)[order],
            "currency": currencies[order],
            "must_act": [say(key, language) for key in who_must_act(reasons[order])],
            "blank": [""] * count,
            "blank2": [""] * count,
            "oldest": oldest[order],
            "amount": amount[order],
        },
    )
