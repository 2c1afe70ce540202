"""What is open on the day, by customer and currency: by age, by policy, by due date, and how far its terms go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from workbook.book import CreditBook
from workbook.due_dates import WITHOUT
from workbook.questions.ask import Ask, Question
from workbook.questions.asking import asked_of
from workbook.questions.exact import counted, summed
from workbook.reports.common import Exchange
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: 90 days past due is default unless shown otherwise (IFRS 9 B5.5.37)
LIMITS: Final = (30, 60, 90)
_ITEM: Final = ("row", "document_no", "instalment")
BUCKETS: Final = tuple(f"bucket_{number}" for number in range(len(LIMITS) + 2))


def accounts(ask: Ask) -> ir.Table:
    """Sum each account: what is open; in the report currency all of it, by age, unapplied, and past due without what is disputed.

    `oldest`: the earliest due date that is past, of items not disputed in full.
    """
    items = ask.valued
    items = items.mutate(item=items.kind == "item", late=ask.on("day").delta(items.due_date, unit="day"))
    bucket = sum((ibis.ifelse(items.late > limit, 1, 0) for limit in (0, *LIMITS)), ibis.literal(0, "int64"))
    overdue = items.item & (items.open > items.disputed) & (items.late > 0)
    items = items.mutate(bucket=ibis.ifelse(items.item, bucket, -1), overdue=overdue, rest=items.worth - items.contested)
    return items.group_by(["customer_id", "currency"]).aggregate(
        open=summed(items.open),
        worth=summed(items.worth),
        disputed=summed(items.disputed),
        **{key: summed(items.worth, items.bucket == number) for number, key in enumerate(BUCKETS)},
        unapplied=summed(items.worth, ~items.item),
        unapplied_open=summed(items.open, ~items.item),
        overdue=summed(items.rest, items.overdue),
        oldest=items.due_date.min(where=items.overdue),
    )


def disputed_items(ask: Ask) -> ir.Table:
    """Return the open items that are disputed."""
    items = ask.valued
    return items.filter((items.kind == "item") & (items.disputed > 0))


def late_insured(ask: Ask) -> ir.Table:
    """Return the items past due that are open under a policy in force on the document's day. `policies`: as for `by_policy`."""
    items = ask.items
    items = items.filter((items.kind == "item") & (items.due_date < ask.on("day")))
    return _under_policy(items, ask.table("policies")).filter(lambda t: t.policy.notnull()).select(*ask.items.columns)


def policies_named(ask: Ask) -> ir.Table:
    """Name every policy that an open item says it is under."""
    items = ask.items
    return items.filter(items.policy_no.notnull()).select(policy="policy_no").distinct()


def oldest_by_contract(ask: Ask) -> ir.Table:
    """Return the item of each contract that is past due for longest, of equal ones the first by its number."""
    items = ask.items
    items = items.filter((items.kind == "item") & items.contract_no.notnull() & (items.due_date < ask.on("day")))
    items = items.mutate(place=ibis.row_number().over(group_by="contract_no", order_by=["due_date", "document_no"]))
    return items.filter(items.place == 0).select("contract_no", "document_no", "due_date")


def late_large(ask: Ask) -> ir.Table:
    """Find each customer's oldest date past due, of items whose undisputed part is not too small to matter.

    `smallest`, a small table: the least amount of each currency; one that is not in it has none.
    """
    items, smallest = ask.items, ask.table("smallest")
    items = items.filter((items.kind == "item") & (items.open > items.disputed) & (items.due_date < ask.on("day")))
    items = items.left_join(smallest, items.currency == smallest.small_currency)
    items = items.filter(items.open - items.disputed >= items.small_units.fill_null(0))
    return items.group_by("customer_id").aggregate(oldest=items.due_date.min())


def beyond(ask: Ask) -> ir.Table:
    """Sum by customer and currency what is past due since before the day `beyond`, undisputed; `late` is in the report currency."""
    items = ask.valued
    items = items.filter((items.kind == "item") & (items.open > items.disputed) & (items.due_date < ask.on("beyond")))
    items = items.filter(items.customer_id.notnull()).mutate(rest=items.worth - items.contested)
    return items.group_by(["customer_id", "currency"]).aggregate(
        late=summed(items.rest), units=summed(items.open - items.disputed), oldest=items.due_date.min()
    )


def by_policy(ask: Ask) -> ir.Table:
    """Sum the open items by customer, currency and the policy that was in force on the document's day; none where there was none.

    `policies`, a small table: number, first and last day, blank for an open end.
    """
    items = ask.valued
    items = _under_policy(items.filter(items.kind == "item"), ask.table("policies"))
    return items.group_by(["customer_id", "currency", "policy"]).aggregate(
        open=summed(items.open), disputed=summed(items.disputed), worth=summed(items.worth), contested=summed(items.contested)
    )


def _under_policy(items: ir.Table, policies: ir.Table) -> ir.Table:
    """Give each item its `policy`, where that was in force on the document's day."""
    items = items.left_join(policies, items.policy_no == policies.policy)
    begun = items.policy_from.isnull() | (items.document_date >= items.policy_from)
    over = items.policy_until.notnull() & (items.document_date > items.policy_until)
    return items.mutate(policy=ibis.ifelse(items.policy.notnull() & begun & ~over, items.policy, ibis.null("string")))


def by_due_date(ask: Ask) -> ir.Table:
    """Sum the open items by customer, currency and due date: what is disputed and what is not, and how many items have either."""
    items = ask.valued
    items = items.mutate(item=items.kind == "item", due=items.due_date.coalesce(items.document_date))
    items = items.mutate(free=items.open - items.disputed, rest=items.worth - items.contested)
    return items.group_by(["customer_id", "currency", "item", "due"]).aggregate(
        free=summed(items.free), rest=summed(items.rest), number=counted((items.free != 0) | (items.rest != 0)),
        disputed=summed(items.disputed), contested=summed(items.contested),
        disputed_number=counted((items.disputed != 0) | (items.contested != 0)),
    )  # fmt: skip


def under_promise(ask: Ask) -> ir.Table:
    """Return the open items of the documents that are `named`."""
    items, named = ask.valued, ask.table("named")
    mine = items.filter((items.kind == "item") & items.document_no.isin(named.named_document))
    return mine.select(
        "row", "customer_id", "currency", "document_no", "instalment", "open", "disputed", "worth", "contested",
        due=mine.due_date.coalesce(mine.document_date),
    )  # fmt: skip


def by_day(ask: Ask) -> ir.Table:
    """Sum the open items by currency and the day they were written."""
    items = ask.items
    items = items.filter((items.kind == "item") & (items.document_date <= ask.on("day")))
    return items.group_by(["currency", "document_date"]).aggregate(open=summed(items.open))


def terms(ask: Ask) -> ir.Table:
    """Find the longest terms among the newest invoices of each customer and contract; instalments have dates of their own."""
    items = ask.items
    recent = items.filter(
        (items.kind == "item") & items.instalment.isnull() & items.contract_no.notnull() & (items.document_date >= ask.on("recent"))
        & (items.due_date < ibis.date(WITHOUT.isoformat()))
    )
    recent = recent.mutate(days=recent.due_date.delta(recent.document_date, unit="day"))
    return recent.group_by(["customer_id", "contract_no"]).aggregate(days=recent.days.max().cast("int64"))


@lru_cache(maxsize=32)
def largest(count: int) -> Question:
    """Ask for so many items: the largest of what is not disputed, of those that the past still tells anything about.

    `insolvent`: customers who pay nothing. An item is looked at where it fell due after the day `known`.
    """

    def largest_items(ask: Ask) -> ir.Table:
        items, insolvent = ask.valued, ask.table("insolvent")
        items = items.mutate(due=items.due_date.coalesce(items.document_date), rest=items.worth - items.contested)
        items = items.filter((items.kind == "item") & (items.rest > 0) & (items.due > ask.on("known")))
        items = items.filter(items.customer_id.notin(insolvent.insolvent_customer))
        chosen = items.order_by([ibis.desc("rest"), "document_no", "instalment"]).limit(count)
        return chosen.select("customer_id", "currency", "document_no", "instalment", "due", "rest")

    return largest_items


def largest_open(book: CreditBook, exchange: Exchange, as_of: dt.date, count: int, known: dt.date, insolvent: list[str]) -> pa.Table:
    """Return some of the largest items due after a day, without those of insolvent customers."""
    small = {"insolvent": pa.table({"insolvent_customer": pa.array(insolvent, pa.string())})}
    return asked_of(book, as_of).answer(largest(count), ["document_no", "instalment"], {"known": known}, small, exchange)


def open_accounts(book: CreditBook, exchange: Exchange, as_of: dt.date) -> pa.Table:
    """Return what each customer owes in each currency."""
    return asked_of(book, as_of).once(accounts, ["customer_id", "currency"], exchange=exchange)


def oldest_late(book: CreditBook, as_of: dt.date, smallest: dict[str, int]) -> pa.Table:
    """Return each customer's oldest date past due, of items not below an amount of their currency."""
    table = pa.table({"small_currency": pa.array(smallest, pa.string()), "small_units": pa.array(smallest.values(), pa.int64())})
    return asked_of(book, as_of).answer(late_large, ["customer_id"], small={"smallest": table})


def late_beyond(book: CreditBook, exchange: Exchange, as_of: dt.date, days: int) -> pa.Table:
    """Return what each customer owes in each currency more than so many days past due, and since when."""
    since = as_of - dt.timedelta(days=days)
    return asked_of(book, as_of).answer(beyond, ["customer_id", "currency"], {"beyond": since}, exchange=exchange)


def open_by_policy(book: CreditBook, exchange: Exchange, as_of: dt.date, policies: pa.Table) -> pa.Table:
    """Return the open items by customer, currency and policy in force. `policies`: policy, policy_from, policy_until."""
    return asked_of(book, as_of).answer(by_policy, ["customer_id", "currency", "policy"], None, {"policies": policies}, exchange)


def disputed_open(book: CreditBook, exchange: Exchange, as_of: dt.date) -> pa.Table:
    """Return the disputed items, with their worth. Raises TooMany."""
    return asked_of(book, as_of).answer(disputed_items, _ITEM, exchange=exchange, few="items in dispute")


def insured_and_late(book: CreditBook, as_of: dt.date, policies: pa.Table) -> tuple[pa.Table, set[str]]:
    """Return the items past due under a policy in force, and the policies that any open item names. Raises TooMany."""
    asked = asked_of(book, as_of)
    late = asked.answer(late_insured, _ITEM, small={"policies": policies}, few="items past due under a policy")
    return late, set(asked.once(policies_named, ["policy"])["policy"].to_pylist())


def latest_of_contracts(book: CreditBook, as_of: dt.date) -> pa.Table:
    """Return the item of each contract that is past due for longest: contract_no, document_no, due_date."""
    return asked_of(book, as_of).once(oldest_by_contract, ["contract_no"])


def open_by_due_date(book: CreditBook, exchange: Exchange, as_of: dt.date) -> pa.Table:
    """Return the open items by customer, currency and due date."""
    return asked_of(book, as_of).once(by_due_date, ["customer_id", "currency", "item", "due"], exchange=exchange)


def promised_items(book: CreditBook, exchange: Exchange, as_of: dt.date, documents: Iterable[str]) -> pa.Table:
    """Return the open items of some documents, by their numbers."""
    small = {"named": pa.table({"named_document": pa.array(sorted(set(documents)), pa.string())})}
    return asked_of(book, as_of).answer(under_promise, ["row", "document_no", "instalment", "due"], None, small, exchange)


def open_by_day(book: CreditBook, as_of: dt.date) -> pa.Table:
    """Return the open items by currency and the day they were written."""
    return asked_of(book, as_of).once(by_day, ["currency", "document_date"])


def longest_terms(book: CreditBook, as_of: dt.date, recent: int) -> pa.Table:
    """Return the longest terms of each customer and contract in invoices of the last `recent` days."""
    return asked_of(book, as_of).answer(terms, ["customer_id", "contract_no"], {"recent": as_of - dt.timedelta(days=recent)})
