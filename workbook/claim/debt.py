"""The debt of one customer on the day its bankruptcy was accepted: item by item, with interest and every part-payment.

Debts that are not due are due on that day, and interest stops (Enterprise Bankruptcy Law of the People's Republic of China, art. 46).
Payments reduce the principal first, as they do in the ledger: so the principal claimed is the ledger's to the cent. With the setting
*Allocation of payments* they go to costs and interest first (Civil Code, art. 561): then the principal claimed is what the ledger shows
open and what of the payments went there, to the cent. A credit note lowers the price, and so the principal, either way. The ledger holds
no costs of enforcement, and a document that is paid in full there stays so. Unapplied money of the customer is set off (art. 40). What a
disputed item owes is claimed too, and marked: the court decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from functions.claim import CIVIL_CODE_ORDER, PRINCIPAL_FIRST, Claim, interest_with_payments
from workbook.book import CreditBook
from workbook.due_dates import WITHOUT
from workbook.late_terms import LateTerms, terms_of
from workbook.open_items import fill_due_dates, read_open_items
from workbook.questions.documents import documents_of
from workbook.reports.common import Exchange, Items, rate_rows
from workbook.reports.escalation_interest import PaidLateItem, paid_late_items
from workbook.settings import Settings
from workbook.settlements import reductions_of
from workbook.sheet import MONEY_SCALE, Invariant
from xladdin.errors import BadRequest, CellError


@dataclass(frozen=True, slots=True)
class DebtItem:
    """One open instalment; money in 1/10000. `claim` has the interest line by line; without it `problem` says why."""

    document_no: str
    instalment: int | None
    document_date: dt.date | None
    due_date: dt.date
    currency: str
    amount: int
    open: int
    disputed: int
    contract_no: str
    policy_no: str
    title_retained: bool
    method: str
    claim: Claim | None
    problem: str
    terms: LateTerms | None = None  # how its interest is worked out
    paid_on: dt.date | None = None  # of an invoice that was paid late: nothing but its interest is owed

    @property
    def due_shown(self) -> dt.date | None:
        """The due date as papers show it: none where the terms tell no day."""
        return None if self.due_date == WITHOUT else self.due_date

    @property
    def interest(self) -> int | None:
        """Interest to the day that is still owed, None where a rate is not known."""
        return None if self.claim is None else round(self.claim.interest * MONEY_SCALE)

    @property
    def principal(self) -> int:
        """Principal that is claimed; what the ledger shows open where the interest is not known, as nothing can be set against it."""
        return self.open if self.claim is None else round(self.claim.principal * MONEY_SCALE)

    @property
    def set_against(self) -> int:
        """What of the payments was set against costs and interest."""
        return sum(round((one.costs + one.interest) * MONEY_SCALE) for one in self.claim.allocations) if self.claim else 0


@dataclass(frozen=True, slots=True)
class Debt:
    """All that a customer owes on the day; `credits` are its unapplied amounts, below zero."""

    customer_id: str
    customer: dict[str, Any]
    accepted: dt.date
    until: dt.date  # the last day that bears interest
    items: tuple[DebtItem, ...]
    credits: tuple[tuple[str, str, dt.date | None, str, int], ...]  # number, type, date, currency, amount
    ledger: dict[str, int]  # by currency, the ledger's own sum
    exchange: Exchange
    returned: tuple[DebtItem, ...] = ()  # goods whose title is retained and that are taken back: their price is not claimed as well

    @property
    def abroad(self) -> bool:
        """Tell whether the debtor is not known to sit in mainland China: then no law is named for its bankruptcy."""
        return self.customer.get("country") != "CN"

    def sums(self) -> dict[str, tuple[int, int, int]]:
        """Sum principal, set-off and interest, as far as it is known, by currency."""
        made: dict[str, tuple[int, int, int]] = {}
        for one in self.items:
            principal, credit, interest = made.get(one.currency, (0, 0, 0))
            made[one.currency] = (principal + one.principal, credit, interest + (one.interest or 0))
        for _, _, _, currency, amount in self.credits:
            principal, credit, interest = made.get(currency, (0, 0, 0))
            made[currency] = (principal, credit + amount, interest)
        return dict(sorted(made.items()))

    @property
    def unquantified(self) -> frozenset[str]:
        """Currencies in which interest is claimed that cannot be stated yet."""
        return frozenset(one.currency for one in self.items if one.interest is None)

    @property
    def returned_open(self) -> dict[str, int]:
        """What the ledger shows open, by currency, of goods that are taken back instead of their price."""
        made: dict[str, int] = {}
        for one in self.returned:
            made[one.currency] = made.get(one.currency, 0) + one.open
        return made

    def bridge(self) -> dict[str, tuple[int, int, int]]:
        """Lead from the ledger to the claim by currency: open items, payments set against costs and interest, principal claimed."""
        credit = {code: parts[1] for code, parts in self.sums().items()}
        against = {code: sum(one.set_against for one in self.items if one.currency == code) for code in credit}
        back = self.returned_open
        return {
            code: (self.ledger.get(code, 0) - credit[code] - back.get(code, 0), against[code], parts[0])
            for code, parts in self.sums().items()
        }

    def invariants(self, name: str) -> list[Invariant]:
        """Check by currency, to the cent, that principal less set-off is the ledger's and what was set against costs and interest.

        The price of goods that are taken back is the ledger's and not claimed.
        """
        sums, bridge, back = self.sums(), self.bridge(), self.returned_open
        codes = sorted({*sums, *self.ledger})
        return [
            Invariant(
                name, code, sum(sums.get(code, (0, 0, 0))[:2]) + back.get(code, 0),
                self.ledger.get(code, 0) + bridge.get(code, (0, 0, 0))[1],
            )
            for code in codes
        ]  # fmt: skip


def debt_of(
    book: CreditBook, settings: Settings, customer: str, accepted: dt.date, *, stop_before: bool = False, language: str = ""
) -> Debt:
    """Work out the debt. `stop_before`: the day of acceptance bears no interest. Raises BadRequest where nothing is owed."""
    row = next((row for row in book.tables["customers"].to_pylist() if row["customer_id"] == customer), None)
    ledger = documents_of(book, accepted, customer)
    if row is None and not ledger.num_rows:
        raise BadRequest(f"there is no customer {customer} on the sheets Customers and Ledger")
    table, control = read_open_items(ledger, accepted)
    late = paid_late_items(book, settings, accepted, customer) if settings.interest_on_paid else []
    if not table.num_rows and not late:
        raise BadRequest(f"customer {customer} owes nothing on {accepted.isoformat()}, so there is nothing to claim")
    until = accepted - dt.timedelta(1) if stop_before else accepted
    own = {one["row"]: one for one in fill_due_dates(ledger).to_pylist()}
    every = Items(table, {})
    opened = every.take(every.applied)
    came = reductions_of(book, opened, accepted)
    terms, place = terms_of(book, settings, opened)
    retained = {one["contract_no"] for one in book.tables["contracts"].to_pylist() if one["retention_of_title"]}
    made: list[DebtItem] = []
    for number, part in enumerate(opened.table.to_pylist()):
        mine = came.item == number
        events = sorted(zip(came.day[mine].tolist(), came.amount[mine].tolist(), came.price[mine].tolist(), strict=True))
        made.append(_item(part, own[part["row"]], events, until, terms[place[number]], book, settings, language, retained))
    made += [_interest_only(one, book, accepted) for one in late]
    made.sort(key=lambda one: (one.currency, one.due_date, one.document_no, one.instalment or 0))
    back = [one for one in made if one.title_retained and not one.paid_on] if settings.retained_goods == "goods" else []
    free = tuple(
        (one["document_no"], one["document_type"], one["document_date"], one["currency"], one["open"])
        for one in table.to_pylist()
        if one["kind"] != "item"
    )
    sums = {currency: total for (_, currency), total in control.items()}
    items = tuple(one for one in made if one not in back)
    known = row or {"customer_id": customer}
    return Debt(customer, known, accepted, until, items, free, sums, Exchange(book, settings, accepted), tuple(back))


def _item(
    part: dict[str, Any], source: dict[str, Any], events: Sequence[tuple[dt.date, int, bool]], until: dt.date, terms: LateTerms,
    book: CreditBook, settings: Settings, language: str, retained: Collection[str],
) -> DebtItem:
    """State one item with its interest."""
    claim, problem = None, "" if terms.rule else terms.words(language or settings.language)
    order = PRINCIPAL_FIRST if settings.allocation == "as booked" else CIVIL_CODE_ORDER
    paid, credited = ([(day, amount) for day, amount, price in events if price is kind] for kind in (False, True))
    principal = part["open"] + sum(amount for _, amount, _ in events)
    if terms.rule:
        try:
            claim = interest_with_payments(
                principal / MONEY_SCALE, part["due_date"], until, terms.rule, _until(paid, until), credit_notes=_until(credited, until),
                order=order, currency=part["currency"], rates=tuple(map(tuple, rate_rows(book))),
            )  # fmt: skip
        except CellError as error:
            problem = str(error)
    number = part["contract_no"] or ""
    return DebtItem(
        part["document_no"], part["instalment"], part["document_date"], part["due_date"], part["currency"], part["amount"], part["open"],
        part["disputed"], number, part["policy_no"] or "", bool(source["retention_of_title"]) or number in retained,
        source["payment_method"] or "", claim, problem, terms,
    )  # fmt: skip


def _interest_only(one: PaidLateItem, book: CreditBook, accepted: dt.date) -> DebtItem:
    """State the interest of an invoice that was paid late."""
    claim, problem = None, ""
    if one.interest is None or one.terms.rule is None:
        problem = one.problem
    else:
        events = [(day, amount / MONEY_SCALE) for day, amount in one.came]
        claim = interest_with_payments(
            one.amount / MONEY_SCALE, one.due_date, max(one.paid_on, one.due_date), one.terms.rule, events, order=PRINCIPAL_FIRST,
            currency=one.currency, rates=tuple(map(tuple, rate_rows(book))),
        )  # fmt: skip
    return DebtItem(
        one.document_no, one.instalment, one.document_date, one.due_date, one.currency, one.amount, 0, 0, one.contract_no, "", False, "",
        claim, problem, one.terms, min(one.paid_on, accepted),
    )  # fmt: skip


def _until(events: Sequence[tuple[dt.date, int]], until: dt.date) -> list[tuple[dt.date, float]]:
    """Write what came in units of the currency; what came on the day of acceptance counts where interest stops the day before."""
    return [(min(day, until), amount / MONEY_SCALE) for day, amount in sorted(events)]
