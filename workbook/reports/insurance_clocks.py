"""The insurer's clocks, item by item: which ran out, which is about to, and what that does to the cover.

The days are the policy's own. Reporting in time is what the ledger's column *Reported to insurer* says.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.aging import days_overdue
from functions.insurance_clock import policy_days
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.questions.today import insured_and_late
from workbook.reports.clocks import holiday_rows
from workbook.reports.common import Ints, Items, Mask, amount_text
from workbook.reports.insurance_cover import policies_of, policy_periods
from workbook.reports.insurance_words import tell
from workbook.reports.promise_register import gather
from workbook.settings import Settings
from workbook.sheet import Block, Column
from workbook.tables import POLICIES
from xladdin.errors import NotAvailable

Dates = NDArray[np.datetime64]
#: the events shown -> the policy's columns that date them
EVENTS: Final = {
    "overdue notice": "notice",
    "maximum extension": "max_extension",
    "collections": "collections",
    "claim from": "waiting",
    "claim until": "claim_until",
}
#: a clock that runs out within so many days is shown before it does
SOON: Final = 14


@dataclass(frozen=True, slots=True)
class ItemClocks:
    """Overdue items under a policy: the days their clocks run out (NaT where the policy does not say), and what is wrong."""

    items: Items
    days: dict[str, Dates]
    reported: Dates
    broken: Mask  # the cover is lost or in danger
    words: list[str]  # what to do or what went wrong; empty where nothing presses
    problems: list[Finding]


def item_clocks(book: CreditBook, settings: Settings, as_of: dt.date) -> ItemClocks:
    """Date the clocks of every overdue item under a policy and say which were missed."""
    today, policies = np.datetime64(as_of, "D"), policies_of(book)
    late, used = insured_and_late(book, as_of, policy_periods(policies))
    items = Items(late, {})
    numbers, due = items.texts("policy_no"), items.dates("due_date")
    days: dict[str, Dates] = {event: np.full(len(numbers), np.datetime64("NaT", "D")) for event in EVENTS}
    problems: list[Finding] = []
    holidays = holiday_rows(book)
    for number, policy in policies.items():
        if number not in used:
            continue
        mine = numbers == number
        missing = set()
        for event, column in EVENTS.items():
            try:
                made = policy_days(due[mine], event, policy, holidays)
            except NotAvailable:
                missing.add(f"{column}_days" if policy.get(f"{column}_days") is None else "max_extension_days")
                continue
            days[event][mine] = made.values
            for failed, error in made.failures:
                days[event][np.flatnonzero(mine)[failed]] = np.datetime64("NaT", "D")
                text = str(error if isinstance(error, Exception) else error(int(np.flatnonzero(failed)[0])))
                problems.append(Finding("policies", policy["row"], f"{column}_days", f"{number}: {text}", "", "warning"))
        problems += _no_clocks(number, policy["row"], missing, settings)
    reported = items.dates("reported_on")
    broken, words = _judge(days, reported, _promised(book, items, settings, as_of), today, settings)
    return ItemClocks(items, days, reported, broken, words, problems)


def _no_clocks(number: str, row: int, missing: set[str], settings: Settings) -> list[Finding]:
    """Say which columns a policy lacks for its clocks, in one line."""
    if not missing:
        return []
    labels = [field.zh if settings.language == "zh" else field.en for field in POLICIES.fields if field.key in missing]
    names = ("、" if settings.language == "zh" else ", ").join(labels)
    text = tell("policy_no_clocks", settings.language, policy=number, names=names)
    return [Finding("policies", row, min(missing), text, "", "warning")]


def _promised(book: CreditBook, items: Items, settings: Settings, as_of: dt.date) -> Dates:
    """Return the day each item is promised for, in the ledger or on Escalation; the latest where there are several."""
    made, _ = gather(book, settings, as_of)
    latest: dict[tuple[Any, ...], Any] = {}
    columns = (made.customers, made.currencies, made.documents, made.instalments)
    keys = zip(*(column[made.current].tolist() for column in columns), strict=True)
    for key, day in zip(keys, made.days[made.current], strict=True):
        latest[key] = max(latest.get(key, day), day)
    none, names = np.datetime64("NaT", "D"), ("customer_id", "currency", "document_no", "instalment")
    mine = zip(*(items.table[name].to_pylist() for name in names), strict=True)
    return np.array([latest.get(key, none) for key in mine], dtype="datetime64[D]")


def _judge(
    days: dict[str, Dates], reported: Dates, promise: Dates, today: np.datetime64, settings: Settings
) -> tuple[Mask, list[str]]:
    """Say of each item what was missed and what presses; the gravest first."""
    language = settings.language
    notice, until, start = days["overdue notice"], days["claim until"], days["claim from"]
    extension, collections = days["maximum extension"], days["collections"]
    unreported = np.isnat(reported) | (reported > today)
    rules: list[tuple[str, Mask, Dates, bool]] = [
        ("clock_lost", until < today, until, True),
        ("clock_not_reported", (notice < today) & unreported, notice, True),
        ("clock_reported_late", ~unreported & (reported > notice), reported, True),
        ("clock_promise_beyond", (promise > extension) & (promise >= today), extension, True),
        ("clock_collect", collections < today, collections, False),
        ("clock_report_by", (notice >= today) & (notice <= today + SOON) & unreported, notice, False),
        ("clock_collect_by", (collections >= today) & (collections <= today + SOON), collections, False),
        ("clock_claim_by", (start <= today) & (until >= today), until, False),
    ]
    broken = np.zeros(len(notice), dtype=np.bool_)
    words: list[list[str]] = [[] for _ in notice]
    for key, mask, day, breaks in rules:
        if breaks:
            broken |= mask
        for row in np.flatnonzero(mask).tolist():
            words[row].append(tell(key, language, day=day[row]))
    return broken, [("；" if language == "zh" else "; ").join(one) for one in words]


def clocks_block(clocks: ItemClocks, as_of: dt.date, settings: Settings) -> Block | None:
    """List the items whose clock ran out or presses, the missed ones first; None where there are none."""
    language, items = settings.language, clocks.items
    shown = np.flatnonzero(np.array([bool(words) for words in clocks.words], dtype=np.bool_))
    if not len(shown):
        return None
    opened, currencies = items.money("open"), items.texts("currency")
    late: Ints = days_overdue(items.dates("due_date"), np.datetime64(as_of, "D")).astype(np.int64)
    shown = shown[np.lexsort((-opened[shown], -late[shown], ~clocks.broken[shown]))]
    parts = items.table["instalment"].to_pylist()
    documents = [
        f"{number} / {parts[row]}" if parts[row] is not None else number
        for row, number in zip(shown.tolist(), items.texts("document_no")[shown], strict=True)
    ]

    def column(key: str, kind: Any, width: int, style: Any = "plain") -> Column:
        return Column(key, tell(key, language), kind, width, style)

    return Block(
        tell("clocks_title", language, count=f"{int(clocks.broken.sum()):,}"),
        (
            column("customer_id", "text", 12, "key"),
            column("document_no", "text", 28),
            column("policy", "text", 13),
            column("open_amount", "text", 16),
            column("due_date", "date", 16),
            column("reported_on", "date", 15),
            column("days_late", "integer", 9),
            column("notice_by", "date", 16),
            column("claim_until_day", "date", 16),
            column("what_to_do", "text", 44, "strong"),
            column("extension_day", "date", 15),
            column("collections_day", "date", 14),
        ),
        {
            "customer_id": items.texts("customer_id")[shown],
            "document_no": documents,
            "policy": items.texts("policy_no")[shown],
            "open_amount": [amount_text(int(opened[row]), currencies[row]) for row in shown],
            "due_date": items.dates("due_date")[shown],
            "reported_on": clocks.reported[shown],
            "days_late": late[shown],
            "notice_by": clocks.days["overdue notice"][shown],
            "claim_until_day": clocks.days["claim until"][shown],
            "what_to_do": [clocks.words[row] for row in shown],
            "extension_day": clocks.days["maximum extension"][shown],
            "collections_day": clocks.days["collections"][shown],
        },
    )
