"""Payment plans against the ledger: which documents a plan covers, what was open when it was agreed, what was paid by each date.

What a plan's documents lost since the day of the agreement pays its instalments, the earliest first; a credit note counts as paid.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.due_dates import is_without
from workbook.findings import Finding
from workbook.open_items import fill_due_dates
from workbook.questions.documents import named_documents
from workbook.reports.common import Ints, amount_text, sums
from workbook.reports.register_words import say
from workbook.reports.settled import open_on
from workbook.units import units_column

Dates = NDArray[np.datetime64]
PAID, PAID_LATE, LATE, TO_COME = STATES = ("paid_in_time", "paid_late", "is_late", "to_come")
_BETWEEN: Final = re.compile(r"[,;，；、\n]+")


@dataclass(frozen=True, slots=True)
class Instalments:
    """The planned instalments, by plan and due date; money in 1/10000 units. `plan` numbers the plans of `plans`."""

    table: pa.Table  # rows of the sheet Plans, sorted
    plan: NDArray[np.int64]
    due: Dates
    amount: Ints
    interest: Ints
    paid: Ints
    state: NDArray[np.object_]
    late: NDArray[np.int64]  # days
    extension: Dates  # last day of the longest extension of the plan's documents, NaT without one
    policy: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans: number, what was open on their documents when agreed and is today, and the rows of the ledger they cover."""

    names: list[str]
    open_then: Ints
    open_now: Ints
    ledger_rows: list[list[int]]
    ledger: pa.Table  # the part that holds their documents
    problems: list[Finding]


def read_plans(book: CreditBook, as_of: dt.date, language: str) -> tuple[Instalments, Plans]:
    """Match the sheet Plans with the ledger; plans agreed after the day do not exist yet."""
    table, today = _usable(book.tables["plans"], as_of), np.datetime64(as_of, "D")
    full = named_documents(book, as_of, (one for texts in table["documents"].to_pylist() for one in _numbers(texts)))
    ledger = _charges(full, as_of)
    names = list(dict.fromkeys(table["plan_no"].to_pylist()))
    plan = np.array([names.index(name) for name in table["plan_no"].to_pylist()], dtype=np.int64)
    covered, problems = _documents(table, plan, names, ledger, language)
    due, agreed = _days(table, "due_date"), _days(table, "agreed_on")
    amount, interest = units_column(table["amount"])[0], units_column(table["interest"])[0]
    rows = np.asarray(ledger["row"].to_numpy(), dtype=np.int64)
    sheet_rows = [rows[places].tolist() for places in covered]
    first = np.array([np.flatnonzero(plan == number)[0] for number in range(len(names))], dtype=np.int64)
    each = np.arange(len(names))  # one question: what was open on the day of agreement, is today, and was on each due date
    asked = np.concatenate([agreed[first], np.full(len(names), today), np.minimum(due, today)])
    answer = _open(full, sheet_rows, np.concatenate([each, each, plan]), asked)
    open_then, open_now, open_due = np.split(answer, [len(names), 2 * len(names)])
    by_due = open_then[plan] - open_due
    before = _before(plan, amount)
    paid = np.clip((open_then - open_now)[plan] - before, 0, amount)
    in_time = np.clip(by_due - before, 0, amount)
    whole, promptly = paid >= amount, in_time >= amount
    state = np.select([whole & promptly, whole, due < today], [PAID, PAID_LATE, LATE], TO_COME).astype(object)
    late = np.where(state == LATE, (today - due).astype(np.int64), 0)
    extension, policy = _extensions(book, ledger, covered)
    for number, name in enumerate(names):
        planned, currency = int(amount[plan == number].sum()), str(table["currency"][int(first[number])].as_py())
        if covered[number] and planned > open_then[number]:
            texts = {"planned": amount_text(planned, currency), "open": amount_text(int(open_then[number]), currency)}
            text = say("plan_too_much", language, plan=name, **texts)
            row = int(table["row"][int(first[number])].as_py())
            problems.append(Finding("plans", row, "amount", text, name, "warning"))
    return (
        Instalments(table, plan, due, amount, interest, paid, state, late, extension[plan], policy[plan]),
        Plans(names, open_then, open_now, sheet_rows, full, problems),
    )


def _usable(table: pa.Table, as_of: dt.date) -> pa.Table:
    """Keep rows that say what is due, when and under which plan; the others have findings of their own."""
    keep = pc.less_equal(table["agreed_on"], as_of)
    for key in ("plan_no", "customer_id", "due_date", "amount", "currency"):
        keep = pc.and_(keep, pc.is_valid(table[key]))
    order = [(key, "ascending") for key in ("plan_no", "due_date", "row")]
    return table.filter(pc.fill_null(keep, fill_value=False)).sort_by(order)


def _charges(ledger: pa.Table, as_of: dt.date) -> pa.Table:
    usable = ledger.filter(ledger["usable"])
    there = pc.and_(pc.equal(usable["document_type"], "invoice"), pc.less_equal(usable["document_date"], as_of))
    return fill_due_dates(usable.filter(there))


def _days(table: pa.Table, key: str) -> Dates:
    return np.asarray(table[key].to_numpy(zero_copy_only=False), dtype="datetime64[D]")


def _numbers(text: str | None) -> list[str]:
    """Part the numbers of documents in a cell."""
    return [part.strip() for part in _BETWEEN.split(text or "") if part.strip()]


def _documents(
    table: pa.Table, plan: NDArray[np.int64], names: list[str], ledger: pa.Table, language: str
) -> tuple[list[list[int]], list[Finding]]:
    """Find the ledger's rows of each plan's documents; also what is not there, and documents that stand in two plans."""
    keys = zip(*(ledger[key].to_pylist() for key in ("customer_id", "currency", "document_no")), strict=True)
    places: dict[tuple[Any, ...], list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    covered: list[list[int]] = [[] for _ in names]
    problems: list[Finding] = []
    plans_of: dict[str, list[str]] = {}
    seen: set[tuple[int, str]] = set()
    for number, row in zip(plan.tolist(), table.to_pylist(), strict=True):
        missing = []
        for document in _numbers(row["documents"]):
            if (number, document) in seen:
                continue
            seen.add((number, document))
            found = places.get((row["customer_id"], row["currency"], document), [])
            covered[number] += found
            if found:
                plans_of.setdefault(document, []).append(names[number])
            else:
                missing.append(document)
        if missing:
            texts = {"plan": names[number], "documents": ", ".join(missing), "customer": row["customer_id"], "currency": row["currency"]}
            problems.append(Finding("plans", row["row"], "documents", say("plan_unknown", language, **texts), ", ".join(missing), "error"))
    problems += [
        Finding("plans", 0, "documents", say("plan_twice", language, document=document, plans=", ".join(plans)), document, "warning")
        for document, plans in plans_of.items()
        if len(plans) > 1
    ]
    return covered, problems


def _open(ledger: pa.Table, rows: list[list[int]], plan: NDArray[np.int64], days: Dates) -> Ints:
    """Sum what was open on the documents of plans (rows of the ledger's sheet), each on a day of its own."""
    asked = [rows[number] for number in plan.tolist()]
    at = np.repeat(np.arange(len(asked)), [len(one) for one in asked])
    flat = np.array([row for one in asked for row in one], dtype=np.int64)
    return sums(at, open_on(ledger, flat, days[at]), len(asked))


def _before(plan: NDArray[np.int64], amount: Ints) -> Ints:
    """Sum the earlier instalments of the same plan; rows are sorted by plan and due date."""
    running = np.cumsum(amount) - amount
    starts = np.r_[True, plan[1:] != plan[:-1]] if len(plan) else np.zeros(0, dtype=np.bool_)
    return np.asarray(running - running[np.maximum.accumulate(np.where(starts, np.arange(len(plan)), 0))], dtype=np.int64)


def _extensions(book: CreditBook, ledger: pa.Table, covered: list[list[int]]) -> tuple[Dates, NDArray[np.object_]]:
    """Return the last day each plan may run to without the insurer's consent: that of its document with the earliest one.

    The longest extension runs from the original due date in calendar days; the insurer's own number stands on the sheet Policies.
    """
    longest = {
        row["policy_no"]: row["max_extension_days"] for row in book.tables["policies"].to_pylist() if row["max_extension_days"] is not None
    }
    due, policies = _days(ledger, "due_date"), ledger["policy_no"].to_pylist()
    without = is_without(due)  # nothing runs from a day that is not known
    ends = np.full(len(covered), np.datetime64("NaT", "D"))
    names = np.full(len(covered), "", dtype=object)
    for number, places in enumerate(covered):
        counted = [place for place in places if policies[place] in longest and not without[place]]
        known = [(due[place] + longest[policies[place]], policies[place]) for place in counted]
        if known:
            ends[number], names[number] = min(known)
    return ends, names
