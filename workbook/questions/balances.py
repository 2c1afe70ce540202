"""What was open on days past, by customer and currency: balances by age, the oldest and the largest item, unapplied money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from workbook.book import CreditBook
from workbook.questions.ask import Ask
from workbook.questions.asking import Asked, asked_of
from workbook.questions.exact import counted, summed, times
from workbook.questions.spans import all_looks
from workbook.questions.stood import DIGITS, items_then, stood_rows
from workbook.questions.worth import later_than, low_of, ranked, rated, rounded
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
#: rows of a ledger elsewhere that one question may look at, those of each of its days counted: they need memory
TOGETHER: Final = 60_000_000


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
        rank=ranked(items, items.late, items.item),
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
    low = low_of(made["rank"], made.most)
    bucket = sum((ibis.ifelse(later_than(low, age), 1, 0) for age in AGES), ibis.literal(0, "int64"))
    return made.mutate(largest_bucket=ibis.ifelse(low % 2 == 1, bucket, len(AGES) + 1).cast("int64")).drop("rank", "most")


def by_due_date_then(ask: Ask) -> ir.Table:
    """Sum the open items of a look by customer, currency and due date."""
    items = ask.shared(items_then).join(ask.table("looks"), "look")
    items = items.filter((items.kind == "item") & (items.look_day == ask.on("then")))
    return items.group_by(["customer_id", "currency", "due_date"]).aggregate(open=summed(items.open))


def _small(looks: Sequence[dt.date]) -> dict[str, pa.Table]:
    codes = [f"{number:0{DIGITS}}" for number in range(len(looks))]
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
    rows = asked.once(stood_rows, ["rows"])["rows"][0].as_py()
    size = min(max(TOGETHER // max(rows, 1), 1), len(looks))
    return [looks[at : at + size] for at in range(0, len(looks), size)]


def open_then(book: CreditBook, as_of: dt.date, then: dt.date) -> pa.Table:
    """Return the items that were open on an earlier day by customer, currency and due date."""
    days = all_looks(as_of) if book.small else [then]
    return asked_of(book, as_of).answer(by_due_date_then, ["customer_id", "currency", "due_date"], {"then": then}, _small(days))
