"""Who gets which letter: the customers with overdue items that the escalation list puts on a level, and nothing that is held there.

The letter's level is the highest of the customer's items. Held items (a promise runs, disputed in full, hold by override, below the
smallest amount) are left out, of the others what is in dispute; amounts and interest are those of the list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from workbook.book import CreditBook
from workbook.late_terms import LateTerms
from workbook.letters.law import chosen_contracts, law_of
from workbook.reports.common import Items, items_of
from workbook.sheet import Sheet
from xladdin.errors import BadRequest

#: level of the escalation list -> name of the letter, as in the file names of the templates
LETTERS: Final = {1: "reminder", 2: "lawyer", 3: "notice"}


@dataclass(frozen=True, slots=True)
class Demand:
    """One item of a letter; money in 1/10000 of its currency. `interest` is None where a rate is not known."""

    document_no: str
    instalment: int | None
    document_date: dt.date | None
    due_date: dt.date
    days_late: int
    currency: str
    amount: int
    interest: int | None
    done: int = 0  # level that *Level done* says was carried out
    lapsed: bool = False  # its limitation has passed
    terms: LateTerms | None = None
    paid_on: dt.date | None = None  # of an invoice that was paid late: only its interest is owed


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: whom it goes to, on which level, what it demands, and what the contract says."""

    customer_id: str
    customer: dict[str, Any]
    level: int
    demands: tuple[Demand, ...]
    law: str
    dispute: str | None
    forum: str | None
    contracts: tuple[str, ...]

    @property
    def unquantified(self) -> frozenset[str]:
        """Currencies in which interest is claimed that cannot be stated yet."""
        return frozenset(one.currency for one in self.demands if one.interest is None)

    def subtotals(self) -> dict[str, tuple[int, int]]:
        """Sum amount and interest, as far as it is known, by currency."""
        made: dict[str, tuple[int, int]] = {}
        for one in self.demands:
            amount, interest = made.get(one.currency, (0, 0))
            made[one.currency] = (amount + one.amount, interest + (one.interest or 0))
        return dict(sorted(made.items()))


@dataclass(frozen=True, slots=True)
class Demands:
    """The letters, and how many overdue items no letter asks for: by the word of the list, or because they are not on a level yet."""

    letters: tuple[Letter, ...]
    held: int
    not_yet: int
    insolvent: tuple[str, ...] = ()  # customers whose debt is claimed in their bankruptcy instead
    insured: tuple[str, ...] = ()  # customers whose letter needs the insurer's consent first


def letters_of(
    book: CreditBook, escalation: Sheet, as_of: dt.date, levels: Collection[int] = (), customers: Collection[str] = ()
) -> Demands:
    """Work the letters out of the escalation list. Raises BadRequest for a customer that has nothing to be asked for."""
    data = escalation.data
    free = ~np.asarray(escalation.codes["no_letter"], dtype=np.bool_)
    asked = free & (data["level"] > 0)
    everything = items_of(book, as_of)
    dates = _document_dates(everything)
    listed = {row["customer_id"]: row for row in book.tables["customers"].to_pylist() if row["customer_id"]}
    agreed: dict[str, list[dict[str, Any]]] = {}
    for row in book.tables["contracts"].to_pylist():
        agreed.setdefault(row["customer_id"] or "", []).append(row)
    contract_of = dict(zip(everything.texts("document_no").tolist(), everything.texts("contract_no").tolist(), strict=True))
    insolvent = sorted(set(data["customer_id"][np.asarray(escalation.codes["insolvent"], dtype=np.bool_)].tolist()))
    insured = np.asarray(escalation.codes["insured"], dtype=np.bool_)
    made, consent = [], []
    for customer in sorted(set(data["customer_id"][asked].tolist())):
        mine = np.flatnonzero(asked & (data["customer_id"] == customer))
        level = int(data["level"][mine].max())
        if (levels and level not in levels) or (customers and customer not in customers):
            continue
        mine = mine[np.lexsort((data["document_no"][mine].astype(str), data["due_date"][mine]))]
        demands = (*(_demand(escalation, row, dates) for row in mine.tolist()), *_paid_late(escalation, customer))
        if insured[mine].any():
            consent.append(customer)
        numbers = {contract_of.get(one.document_no, "") for one in demands}
        row = listed.get(customer, {"customer_id": customer})
        made.append(_letter(customer, row, level, demands, numbers, agreed.get(customer, []), book.settings.our_country))
    for customer in customers:
        if customer not in {one.customer_id for one in made}:
            raise BadRequest(_nothing(customer, data, asked, levels, insolvent))
    gone = () if customers else tuple(insolvent)
    return Demands(tuple(made), int((~free).sum()), int((free & (data["level"] == 0)).sum()), gone, tuple(consent))


def _nothing(customer: str, data: dict[str, Any], asked: Any, levels: Collection[int], insolvent: Collection[str]) -> str:
    if customer in insolvent:
        return f"customer {customer} is insolvent: no letter, but a claim (xladdin claim-pack)"
    mine = data["customer_id"] == customer
    if not mine.any():
        return f"customer {customer} has nothing overdue, so there is no letter to write"
    if not (mine & asked).any():
        return f"customer {customer} gets no letter: what is overdue is held (disputed, promised …) or on no level yet; see Escalation"
    at = int(data["level"][mine & asked].max())
    return f"customer {customer} is at level {at}, not {', '.join(map(str, sorted(levels)))}"


def _demand(escalation: Sheet, row: int, dates: dict[tuple[str, int | None], dt.date | None]) -> Demand:
    data, codes = escalation.data, escalation.codes
    number, part, interest = data["document_no"][row], data["instalment"][row], data["interest"][row]
    return Demand(
        number, part, dates.get((number, part)), data["due_date"][row].item(), int(data["days_overdue"][row]), data["currency"][row],
        int(data["open_amount"][row] - data["disputed"][row]), None if interest is None else int(interest),
        int(codes["carried_out"][row]), bool(codes["lapsed"][row]), codes["terms"][row],
    )  # fmt: skip


def _paid_late(escalation: Sheet, customer: str) -> list[Demand]:
    """Return a customer's invoices that were paid late and still owe their interest."""
    return [
        Demand(
            one.document_no, one.instalment, one.document_date, one.due_date, one.days_late, one.currency, 0, one.interest,
            terms=one.terms, paid_on=one.paid_on,
        )
        for one in escalation.codes["paid_late"]
        if one.customer_id == customer
    ]  # fmt: skip


def _letter(
    customer: str, row: dict[str, Any], level: int, demands: tuple[Demand, ...], numbers: set[str], agreed: list[dict[str, Any]], ours: str,
) -> Letter:
    """Take law and forum from the contracts of the items, else from the customer's newest one; where they differ, none is named."""
    named, chosen = chosen_contracts(agreed, numbers)
    ways = {(one["dispute"], one["forum"]) for one in chosen}
    dispute, forum = ways.pop() if len(ways) == 1 else (None, None)
    law = law_of(chosen, row.get("country"), ours)
    return Letter(customer, row, level, demands, law, dispute, forum, tuple(sorted(str(one["contract_no"]) for one in named)))


def _document_dates(items: Items) -> dict[tuple[str, int | None], dt.date | None]:
    keys = zip(items.texts("document_no").tolist(), items.table["instalment"].to_pylist(), strict=True)
    return dict(zip(keys, items.table["document_date"].to_pylist(), strict=True))
