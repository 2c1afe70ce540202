"""What open items are worth in the report currency, worked out by an engine to the cent as `workbook.reports.worth` works it out here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from functions.money import COMPUTED
from workbook.questions.ask import Ask
from workbook.questions.exact import WIDE, summed
from workbook.sheet import MONEY_SCALE
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

_FAR: Final = 1 << 24  # days late lie far within it
_EXACT: Final = 2.0**52  # from here on a number has no fraction to round


def rated(ask: Ask, items: ir.Table) -> ir.Table:
    """Bring each item and the rate of its currency together."""
    rates = ask.table("rates")
    joined = items.left_join(rates, items.currency == rates.rate_currency).drop("rate_currency")
    return joined.mutate(rate=joined.rate.fill_null(0.0), rate_scale=joined.rate_scale.fill_null(1.0))


def rounded(units: Any, rate: Any, scale: Any) -> Any:
    """Convert 1/10000 units, half-up to the minor unit: the steps of `functions.money.round_half_up`, number by number."""
    exact = units.cast("float64") * rate / float(MONEY_SCALE)
    size = exact.abs()
    whole = (size * scale).floor().cast("float64")
    half = (whole + 0.5) / scale
    made = (whole + ibis.ifelse(size >= half * (1.0 - COMPUTED), 1.0, 0.0)) / scale
    made = ibis.ifelse(size * scale < _EXACT, made, size) * ibis.ifelse(units < 0, -float(MONEY_SCALE), float(MONEY_SCALE))
    return made.round(0).cast("int64")


def ranked(items: ir.Table, late: Any, mark: Any) -> Any:
    """Make one number of an amount, the days it is late and a mark.

    The largest number is that of the largest item, of equal ones of the one due first.
    """
    return items.open.cast(WIDE) * _FAR + ((late + _FAR // 4) * 2 + ibis.ifelse(mark, 1, 0)).cast(WIDE)


def low_of(rank: Any, most: Any) -> Any:
    """Return what a rank holds besides its amount: twice the days, odd with the mark; `later_than` reads it."""
    return (rank - most.cast(WIDE) * _FAR).cast("int64")


def later_than(low: Any, days: int) -> Any:
    """Tell whether the days of a rank are more than so many."""
    return low >= 2 * (days + 1 + _FAR // 4)


def with_worth(items: ir.Table, scale: Any) -> ir.Table:
    """Give each item its `worth`, and its disputed part's `part`, by its `rate`.

    A view ends a step: without it Ibis writes the long expression of the worth wherever it is used again, and engines work it out as often.
    """
    made = items.mutate(worth=rounded(items.open, items.rate, scale)).view()
    return made.mutate(part=contested(made, made.worth, made.rate, scale)).view()


def contested(items: ir.Table, worth: Any, rate: Any, scale: Any) -> Any:
    """Convert the disputed part of items: the whole of an item is worth what the item is, a part never more."""
    part = rounded(items.disputed, rate, scale)
    clipped = ibis.ifelse(items.disputed > 0, ibis.greatest(ibis.least(part, ibis.greatest(worth, 0)), 0), 0)
    return ibis.ifelse(items.disputed == items.open, worth, clipped).cast("int64")


def valued(ask: Ask) -> ir.Table:
    """Return the open items with `worth` and `contested`, the worth of the disputed part.

    The cents by which the items of an account miss what the account is worth go to its largest item.
    """
    items = rated(ask, ask.items)
    items = items.mutate(alone=rounded(items.open, items.rate, items.rate_scale))
    accounts = items.group_by(off_customer=items.customer_id, off_currency=items.currency).aggregate(
        open=summed(items.open), alone=summed(items.alone), rate=items.rate.max(), rate_scale=items.rate_scale.max()
    )
    accounts = accounts.mutate(missed=rounded(accounts.open, accounts.rate, accounts.rate_scale) - accounts.alone)
    off = accounts.filter(accounts.missed != 0).select("off_customer", "off_currency", "missed")
    same = [items.customer_id == off.off_customer, items.currency == off.off_currency]
    joined = items.inner_join(off, same)
    order = [ibis.desc("open"), "due_date", "document_no"]
    joined = joined.mutate(place=ibis.row_number().over(group_by=["customer_id", "currency"], order_by=order))
    right = items.anti_join(off, same)
    columns = [*ask.items.columns, "rate", "rate_scale"]
    made = ibis.union(
        right.select(*columns, worth=right.alone),
        joined.select(*columns, worth=joined.alone + ibis.ifelse(joined.place == 0, joined.missed, 0)),
        distinct=False,
    )
    made = made.mutate(contested=contested(made, made.worth, made.rate, made.rate_scale))
    return made.select(*ask.items.columns, "worth", "contested")
