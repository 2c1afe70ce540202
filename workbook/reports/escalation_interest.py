"""Late interest on the escalation list: on what was open in each stretch of days, as the claim pack states it line by line.

*Interest so far* is all that accrued on what is open and not disputed. Where payments go to interest first (setting *Allocation of
payments*), what they were set against is in it, as the ledger took them off the principal: open amount and interest are always the claim.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.labels import word
from workbook.large.ledger import TooMany
from workbook.late_terms import LateTerms, interest_of
from workbook.reports.common import Items, customer_names
from workbook.settings import Settings
from workbook.settlements import chosen, joined, of_cash, paid_late, reductions_of
from workbook.sheet import Block, Column

PLACE = "place"  # an item's row among all, before some are left out


@dataclass(frozen=True, slots=True)
class PaidLateItem:
    """Interest still owed on an invoice that was paid late; money in 1/10000."""

    document_no: str
    instalment: int | None
    customer_id: str
    currency: str
    document_date: dt.date | None
    due_date: dt.date
    paid_on: dt.date
    days_late: int
    contract_no: str
    amount: int
    interest: int | None
    terms: LateTerms
    problem: str  # why the interest is not quantified yet
    came: tuple[tuple[dt.date, int], ...]  # what paid it, with its days


@dataclass(frozen=True, slots=True)
class LateInterest:
    """Interest of each listed item (None: not yet quantified), its terms, what the sheet says of it, and invoices that were paid late."""

    amounts: NDArray[np.object_]
    terms: NDArray[np.object_]
    notes: list[str]
    problems: list[Finding]
    paid: list[PaidLateItem] = field(default_factory=list)


def placed(items: Items) -> Items:
    """Give each item its number, so that it is found again when some are left out."""
    return Items(items.table.append_column(PLACE, pa.array(np.arange(items.table.num_rows, dtype=np.int64))), items.control)


def late_interest_of(
    book: CreditBook, settings: Settings, everything: Items, items: Items, disputed: NDArray[np.int64], as_of: dt.date, *, cash: bool
) -> LateInterest:
    """Work out the interest of the listed items. `cash`: unapplied amounts of `everything` settle the oldest items, each on its day."""
    came = reductions_of(book, items, as_of)
    if cash:
        keep = np.zeros(everything.table.num_rows, dtype=np.bool_)
        keep[items.money(PLACE)] = True
        came = joined([came, chosen(of_cash(everything), keep)])
    principal = items.money("open") - disputed
    np.add.at(principal, came.item, came.amount)
    until = np.full(len(principal), np.datetime64(as_of, "D"))
    made = interest_of(book, settings, items, principal, until, came)
    notes, problems = _not_quantified(made.problems, settings)
    paid: list[PaidLateItem] = []
    if settings.interest_on_paid:
        try:
            paid = paid_late_items(book, settings, as_of)
        except TooMany as error:
            notes.append(str(error))
    return LateInterest(made.amounts, made.terms, notes, problems, paid)


def paid_late_items(book: CreditBook, settings: Settings, as_of: dt.date, customer: str | None = None) -> list[PaidLateItem]:
    """Return the invoices that were paid late, with the interest that is still owed on them; without any they are left out."""
    found = paid_late(book, as_of)
    items, came, last = found.items, found.came, found.paid_on
    if customer is not None:
        mine = np.asarray(items.texts("customer_id") == customer, dtype=np.bool_)
        items, came, last = items.take(mine), chosen(came, mine), last[mine]
    plain = settings.model_copy(update={"allocation": "as booked"})  # what is paid in full in the ledger stays so
    made = interest_of(book, plain, items, items.money("amount"), last, came)
    due = items.dates("due_date")
    events: list[list[tuple[dt.date, int]]] = [[] for _ in range(items.table.num_rows)]
    for row, day, amount in sorted(zip(came.item.tolist(), came.day.tolist(), came.amount.tolist(), strict=True)):
        events[row].append((day, amount))
    why = [""] * items.table.num_rows
    for mask, text in made.problems:
        for row in np.flatnonzero(mask).tolist():
            why[row] = text
    rows = zip(
        items.texts("document_no").tolist(), items.table["instalment"].to_pylist(), items.texts("customer_id").tolist(),
        items.texts("currency").tolist(), items.table["document_date"].to_pylist(), due.tolist(), last.tolist(),
        (last - due).astype(np.int64).tolist(), items.texts("contract_no").tolist(), items.money("amount").tolist(), made.amounts.tolist(),
        made.terms.tolist(), why, map(tuple, events), strict=True,
    )  # fmt: skip
    ones = [PaidLateItem(*row) for row in rows]
    return [one for one in ones if one.interest is None or one.interest > 0]


def _not_quantified(problems: list[tuple[NDArray[np.bool_], str]], settings: Settings) -> tuple[list[str], list[Finding]]:
    """Say of how many items the interest is not quantified yet, why, and what to do."""
    notes, found = [], []
    for mask, why in problems:
        if mask.any():
            text = word("not_quantified", settings.language, count=int(mask.sum()), why=why)
            notes.append(text)
            found.append(Finding("rates", 0, "rate", text, settings.interest_rule, "warning"))
    return notes, found


def paid_late_block(book: CreditBook, paid: list[PaidLateItem], settings: Settings) -> Block:
    """List invoices that were paid late and the interest still owed on them."""
    language = settings.language
    names = customer_names(book, np.array([one.customer_id for one in paid], dtype=object), language)

    def column(key: str, kind: Any, width: int = 12, style: Any = "plain") -> Column:
        return Column(key, word(key, language), kind, width, style)

    return Block(
        word("paid_late_title", language),
        (
            column("document_no", "text", 15, "key"), column("instalment", "integer", 6), column("customer_id", "text"),
            column("name", "text", 28), column("currency", "text"), column("due_date", "date"), column("days_overdue", "integer"),
            column("open_amount", "amount", 15), Column("blank", "", "text"), Column("blank2", "", "text"), Column("blank3", "", "text"),
            column("paid_on", "date"), column("interest", "amount"),
        ),
        {
            "document_no": [one.document_no for one in paid], "instalment": [one.instalment for one in paid],
            "customer_id": [one.customer_id for one in paid], "name": names, "currency": [one.currency for one in paid],
            "due_date": [one.due_date for one in paid], "days_overdue": [one.days_late for one in paid], "open_amount": [0] * len(paid),
            "blank": [None] * len(paid), "blank2": [None] * len(paid), "blank3": [None] * len(paid),
            "paid_on": [one.paid_on for one in paid], "interest": [one.interest for one in paid],
        },
    )  # fmt: skip

