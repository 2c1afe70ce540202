"""What was open on days past, by customer and currency: balances by age, the oldest and the largest item, unapplied money.

Each look has documents of its own in one ledger, so that the one rule of open items answers all of them in one go. A row goes only to
the looks at which it can count: a document settled on its own row to those before, one that payments and credit notes met exactly
to those before the last of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from workbook.book import CreditBook
from workbook.open_items import PAYMENTS, as_of_rows, open_items
from workbook.questions.ask import Ask
from workbook.questions.asking import Asked, asked_of
from workbook.questions.exact import counted, summed, times
from workbook.questions.spans import all_looks
from workbook.questions.worth import rated, rounded
from workbook.reports.common import Exchange
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: ages after which an item is in the next bucket; the last one ends what is 91 to 120 days old
AGES: Final = (0, 30, 60, 90, 120)
BUCKETS: Final = tuple(f"bucket_{number}" for number in range(len(AGES) + 1))
PARTS: Final = (*BUCKETS, "unapplied")
_WIDE: Final = "decimal(38, 0)"
_FAR: Final = 1 << 24  # days late lie far within it: an amount, its days and its kind make one number
#: rows of a ledger elsewhere that one question may look at, those of each of its days counted: they need memory
TOGETHER: Final = 60_000_000
_EVER: Final = dt.date(9999, 12, 31)  # rows of a look are as they stood: nothing lies ahead of them
_DIGITS: Final = 3
_ACCOUNT: Final = ("customer_id", "currency", "document_no")


def items_then(ask: Ask) -> ir.Table:
    """Return the open items and unapplied amounts of each look."""
    items = open_items(_as_they_stood(ask.kept(live), ask.table("looks")), _EVER)
    return items.select("customer_id", "currency", "kind", "due_date", "open", look=items.document_no.substr(0, _DIGITS))


def by_look(ask: Ask) -> ir.Table:
    """Sum the open items of each look by customer and currency, by age (`bucket_…`), and in the report currency too (`worth_…`).

    `largest` is the largest item; `largest_bucket` is the bucket of the largest amount of all, of equal ones the one due first.
    """
    looks = ask.table("looks")
    items = rated(ask, ask.shared(items_then).join(looks, "look"))
    items = items.mutate(late=items.look_day.delta(items.due_date, unit="day"), item=items.kind == "item")
    bucket = sum((ibis.ifelse(items.late > age, 1, 0) for age in AGES), ibis.literal(0, "int64"))
    items = items.mutate(
        bucket=ibis.ifelse(items.item, bucket, len(AGES) + 1), worth=rounded(items.open, items.rate, items.rate_scale),
        rank=items.open.cast(_WIDE) * _FAR + ((items.late + _FAR // 4) * 2 + ibis.ifelse(items.item, 1, 0)).cast(_WIDE),
    )
    overdue = items.item & (items.late > 0)
    made = items.group_by(["look", "customer_id", "currency"]).aggregate(
        items=counted(items.item),
        overdue_items=counted(overdue),
        **{key: summed(items.open, items.bucket == number) for number, key in enumerate(PARTS)},
        **{f"worth_{key}": summed(items.worth, items.bucket == number) for number, key in enumerate(PARTS)},
        late_days=times(items.open, items.late, overdue),
        oldest=items.due_date.min(where=items.item),
        largest=items.open.max(where=items.item).fill_null(0).cast("int64"),
        squares=times(items.open, items.open, items.item),
        most=items.open.max(),
        rank=items["rank"].max(),
    )
    late = (made["rank"] - made.most.cast(_WIDE) * _FAR).cast("int64")  # twice the days, and whether it is an item
    bucket = sum((ibis.ifelse(late >= 2 * (age + 1 + _FAR // 4), 1, 0) for age in AGES), ibis.literal(0, "int64"))
    return made.mutate(largest_bucket=ibis.ifelse(late % 2 == 1, bucket, len(AGES) + 1).cast("int64")).drop("rank", "most")


def by_due_date_then(ask: Ask) -> ir.Table:
    """Sum the open items of a look by customer, currency and due date."""
    items = ask.shared(items_then).join(ask.table("looks"), "look")
    items = items.filter((items.kind == "item") & (items.look_day == ask.on("then")))
    return items.group_by(["customer_id", "currency", "due_date"]).aggregate(open=summed(items.open))


def live(ask: Ask) -> ir.Table:
    """Return the ledger's rows until the day with `until`, the day from which a row counts no more; blank where it still does."""
    ledger = ask.ledger
    plain = {f"plain_{name}": ledger[name] for name in ("amount", "settled_date", "settled_amount", "promise_amount")}
    rows = as_of_rows(ledger.mutate(**plain), ask.on("day"))
    settled_on = ibis.ifelse(rows.settled_date <= ask.on("day"), rows.settled_date, ibis.null("date"))
    rows = rows.mutate(settled_on=settled_on, last=ibis.greatest(rows.document_date, settled_on.coalesce(rows.document_date)))
    rows = rows.mutate(account=ibis.ifelse(rows.charge, rows.document_no, rows.reference))
    ended = _met(rows)
    same = [rows.customer_id == ended.met_customer, rows.currency == ended.met_currency, rows.account == ended.met_document]
    rows = rows.left_join(ended, same)
    over = rows.charge & (rows.open0 == 0)  # settled on its own row, or of nothing
    rows = rows.filter(~(over & rows.settled_on.isnull()))
    until = ibis.ifelse(over, ibis.ifelse(rows.met_on < rows.settled_on, rows.met_on, rows.settled_on), rows.met_on)
    own = {name.removeprefix("plain_"): rows[name] for name in plain}
    columns = [name for name in ledger.columns if name not in own]
    return rows.mutate(until=until).select(*columns, "until", **own)


def live_rows(ask: Ask) -> ir.Table:
    """Count them."""
    rows = ask.kept(live)
    return rows.aggregate(rows=rows.count().cast("int64"))


def _met(rows: ir.Table) -> ir.Table:
    """Find the documents that payments and credit notes met exactly, and the day after which nothing happened to them."""
    paying = rows.filter(~rows.charge & rows.reference.notnull())
    pays = paying.document_type.isin(PAYMENTS)
    given = paying.group_by(met_customer=paying.customer_id, met_currency=paying.currency, met_document=paying.account).aggregate(
        paid=summed(paying.open0, pays), credited=summed(paying.open0, ~pays), given_last=paying["last"].max()
    )
    charges = rows.filter(rows.charge).select("customer_id", "currency", "document_no", "open0", owed_on="last")
    same = [charges.customer_id == given.met_customer, charges.currency == given.met_currency, charges.document_no == given.met_document]
    owed = charges.inner_join(given, same)
    keys = ["met_customer", "met_currency", "met_document"]
    both = owed.group_by(keys).aggregate(
        owed=summed(owed.open0), least=owed.open0.min(), paid=owed.paid.max(), credited=owed.credited.max(),
        met_on=ibis.greatest(owed.owed_on.max(), owed.given_last.max()),
    )  # fmt: skip
    whole = (both.least >= 0) & (both.paid >= 0) & (both.credited >= 0) & (both.paid + both.credited == both.owed)
    return both.filter(whole).select(*keys, "met_on")


def _as_they_stood(rows: ir.Table, looks: ir.Table) -> ir.Table:
    """Copy the rows to each look at which they can count, as they stood then; the look's number leads the document's."""
    there = (looks.look_day >= rows.document_date) & (rows.until.isnull() | (looks.look_day < rows.until))
    then = rows.join(looks, there)
    later = then.settled_date > then.look_day
    return then.mutate(
        document_no=then.look + then.document_no,
        reference=then.look + then.reference,
        settled_date=ibis.ifelse(later, ibis.null("date"), then.settled_date),
        settled_amount=ibis.ifelse(later, ibis.null(then.settled_amount.type()), then.settled_amount),
    ).drop("look", "look_day", "until")


def _small(looks: Sequence[dt.date]) -> dict[str, pa.Table]:
    codes = [f"{number:0{_DIGITS}}" for number in range(len(looks))]
    return {"looks": pa.table({"look": codes, "look_day": pa.array(looks, pa.date32())})}


def balances(book: CreditBook, exchange: Exchange, as_of: dt.date, looks: Sequence[dt.date]) -> list[pa.Table]:
    """Return the balances of each of some days; a day that was asked for before is not asked for again.

    Of a ledger in memory all days that any report looks at are asked for at once.
    """
    asked = asked_of(book, as_of)
    known: dict[dt.date, pa.Table] = asked.answers.setdefault((by_look, exchange.currency), {})
    missing = sorted({day for day in looks if day not in known})
    if missing:
        several = [all_looks(as_of)] if book.small else _parted(asked, missing)
        for days in several:
            found = asked.answer(by_look, ["look", "customer_id", "currency"], None, _small(days), exchange)
            number = pc.cast(found["look"], pa.int64())
            known |= {day: found.filter(pc.equal(number, place)).drop(["look"]) for place, day in enumerate(days)}
    return [known[day] for day in looks]


def _parted(asked: Asked, looks: list[dt.date]) -> list[list[dt.date]]:
    """Part the days into those that are asked for together."""
    rows = asked.once(live_rows, ["rows"])["rows"][0].as_py()
    size = min(max(TOGETHER // max(rows, 1), 1), len(looks))
    return [looks[at : at + size] for at in range(0, len(looks), size)]


def open_then(book: CreditBook, as_of: dt.date, then: dt.date) -> pa.Table:
    """Return the items that were open on an earlier day by customer, currency and due date."""
    days = all_looks(as_of) if book.small else [then]
    return asked_of(book, as_of).answer(by_due_date_then, ["customer_id", "currency", "due_date"], {"then": then}, _small(days))
