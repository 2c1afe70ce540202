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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from functions.claim import CIVIL_CODE_ORDER, PRINCIPAL_FIRST, Claim, interest_with_payments
from workbook.book import CreditBook
from workbook.open_items import PAYMENTS, as_of_rows, fill_due_dates, read_open_items
from workbook.questions.documents import documents_of
from workbook.reports.common import Exchange, rate_rows
from workbook.settings import Settings, rule_or_rate
from workbook.sheet import MONEY_SCALE, Invariant
from workbook.written import Lazily
from xladdin.errors import BadRequest, CellError

if TYPE_CHECKING:
    import ibis
else:
    ibis = Lazily("ibis")

Events = list[tuple[dt.date, int]]


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

    @property
    def abroad(self) -> bool:
        """Tell whether the debtor sits outside mainland China, so that another law governs its bankruptcy."""
        return self.customer.get("country") not in (None, "", "CN")

    def sums(self) -> dict[str, tuple[int, int, int]]:
        """Sum principal, set-off and interest by currency."""
        made: dict[str, tuple[int, int, int]] = {}
        for one in self.items:
            principal, credit, interest = made.get(one.currency, (0, 0, 0))
            made[one.currency] = (principal + one.principal, credit, interest + (one.interest or 0))
        for _, _, _, currency, amount in self.credits:
            principal, credit, interest = made.get(currency, (0, 0, 0))
            made[currency] = (principal, credit + amount, interest)
        return dict(sorted(made.items()))

    def bridge(self) -> dict[str, tuple[int, int, int]]:
        """Lead from the ledger to the claim by currency: open items, payments set against costs and interest, principal claimed."""
        credit = {code: parts[1] for code, parts in self.sums().items()}
        against = {code: sum(one.set_against for one in self.items if one.currency == code) for code in credit}
        return {code: (self.ledger.get(code, 0) - credit[code], against[code], parts[0]) for code, parts in self.sums().items()}

    def invariants(self, name: str) -> list[Invariant]:
        """Check by currency, to the cent, that principal less set-off is the ledger's and what was set against costs and interest."""
        sums, bridge = self.sums(), self.bridge()
        codes = sorted({*sums, *self.ledger})
        return [
            Invariant(name, code, sum(sums.get(code, (0, 0, 0))[:2]), self.ledger.get(code, 0) + bridge.get(code, (0, 0, 0))[1])
            for code in codes
        ]


def debt_of(book: CreditBook, settings: Settings, customer: str, accepted: dt.date, *, stop_before: bool = False) -> Debt:
    """Work out the debt. `stop_before`: the day of acceptance bears no interest. Raises BadRequest where nothing is owed."""
    row = next((row for row in book.tables["customers"].to_pylist() if row["customer_id"] == customer), None)
    ledger = documents_of(book, accepted, customer)
    if row is None and not ledger.num_rows:
        raise BadRequest(f"there is no customer {customer} on the sheets Customers and Ledger")
    items, control = read_open_items(ledger, accepted)
    if not items.num_rows:
        raise BadRequest(f"customer {customer} owes nothing on {accepted.isoformat()}, so there is nothing to claim")
    until = accepted - dt.timedelta(1) if stop_before else accepted
    own = {one["row"]: one for one in fill_due_dates(ledger).to_pylist()}
    events = _events(ledger, accepted)
    made: list[DebtItem] = []
    opened = [one for one in items.to_pylist() if one["kind"] == "item"]
    for (currency, number), parts in _documents(opened).items():
        paid = _shares(events["payments"].get((currency, number), []), [part["paid"] for part in parts])
        credited = _shares(events["credits"].get((currency, number), []), [part["credited"] for part in parts])
        for part, payments, credits_ in zip(parts, paid, credited, strict=True):
            source = own[part["row"]]
            settled = [(source["settled_date"] or part["due_date"], part["settled"])] if part["settled"] else []
            made.append(_item(part, source, [*settled, *payments], credits_, until, book, settings))
    made.sort(key=lambda one: (one.currency, one.due_date, one.document_no, one.instalment or 0))
    free = tuple(
        (one["document_no"], one["document_type"], one["document_date"], one["currency"], one["open"])
        for one in items.to_pylist()
        if one["kind"] != "item"
    )
    sums = {currency: total for (_, currency), total in control.items()}
    return Debt(customer, row or {"customer_id": customer}, accepted, until, tuple(made), free, sums, Exchange(book, settings, accepted))


def _documents(opened: list[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Group the open instalments by document, in the order in which payments fill them."""
    made: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in sorted(opened, key=lambda one: (one["due_date"], one["instalment"] is not None, one["instalment"] or 0, one["row"])):
        made.setdefault((one["currency"], one["document_no"]), []).append(one)
    return made


def _events(ledger: pa.Table, day: dt.date) -> dict[str, dict[tuple[str, str], Events]]:
    """Return what was paid and credited on each document, with dates, by the rules of the open items."""
    table = fill_due_dates(ledger)
    question = as_of_rows(ibis.table(ibis.Schema.from_pyarrow(table.schema), name="ledger"), day)
    question = question.filter(~question.charge & question.reference.notnull())
    question = question.select("currency", "reference", "document_type", "document_date", "open0")
    with duckdb.connect() as connection:
        connection.register("ledger", table)
        rows = connection.sql(str(ibis.to_sql(question, dialect="duckdb"))).to_arrow_table().to_pylist()
    made: dict[str, dict[tuple[str, str], Events]] = {"payments": {}, "credits": {}}
    for row in sorted(rows, key=lambda row: row["document_date"]):
        kind = "payments" if row["document_type"] in PAYMENTS else "credits"
        made[kind].setdefault((row["currency"], row["reference"]), []).append((row["document_date"], row["open0"]))
    return made


def _shares(events: Events, wanted: Sequence[int]) -> list[Events]:
    """Give each open instalment its part of what came, by date; what came before filled instalments that are not open any more."""
    queue = _without_reversals(events)
    left = sum(amount for _, amount in queue) - sum(wanted)

    def take(share: int) -> Events:
        taken: Events = []
        while share > 0 and queue:
            day, amount = queue.pop(0)
            part = min(share, amount)
            taken.append((day, part))
            share -= part
            if amount > part:
                queue.insert(0, (day, amount - part))
        return taken

    take(left)
    return [take(share) for share in wanted]


def _without_reversals(events: Events) -> Events:
    """Take a payment that was reversed (one below zero) back from the latest before it, or from those that follow."""
    made: Events = []
    owed = 0
    for day, amount in events:
        owed -= min(amount, 0)
        if amount > 0:
            made.append((day, amount))
        while owed and made:
            last, paid = made.pop()
            if paid > owed:
                made.append((last, paid - owed))
            owed = max(owed - paid, 0)
    return made


def _item(
    part: dict[str, Any], source: dict[str, Any], payments: Events, credits_: Events, until: dt.date, book: CreditBook, settings: Settings,
) -> DebtItem:
    """State one item with its interest."""
    claim, problem = None, ""
    order = PRINCIPAL_FIRST if settings.allocation == "as booked" else CIVIL_CODE_ORDER
    try:
        claim = interest_with_payments(
            part["amount"] / MONEY_SCALE, part["due_date"], until, rule_or_rate(settings.interest_rule), _until(payments, until),
            credit_notes=_until(credits_, until), order=order, currency=part["currency"], rates=tuple(map(tuple, rate_rows(book))),
        )  # fmt: skip
    except CellError as error:
        problem = str(error)
    return DebtItem(
        part["document_no"], part["instalment"], part["document_date"], part["due_date"], part["currency"], part["amount"], part["open"],
        part["disputed"], part["contract_no"] or "", part["policy_no"] or "", bool(source["retention_of_title"]),
        source["payment_method"] or "", claim, problem,
    )  # fmt: skip


def _until(events: Events, until: dt.date) -> list[tuple[dt.date, float]]:
    """Write what came in units of the currency; what came on the day of acceptance counts where interest stops the day before."""
    return [(min(day, until), amount / MONEY_SCALE) for day, amount in sorted(events)]
