"""Sums of the open items of a ledger that lies elsewhere, by account and age, and its items past due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from functions.money import minor_units
from workbook.due_dates import WITHOUT
from workbook.large.engine import table_of
from workbook.large.ledger import LargeLedger
from workbook.questions.exact import summed
from workbook.questions.worth import low_of, ranked, with_worth
from workbook.settings import Settings
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

_RATES: Final = "rates_of_day"
_RATE: Final = pa.schema({"rate_of": pa.string(), "rate": pa.float64()})


class Rates(Protocol):
    """Exchange rates of a day: `workbook.reports.common.Exchange`."""

    @property
    def currency(self) -> str:
        """The report currency."""
        ...

    def known_rate(self, currency: str) -> float | None:
        """Return units of the report currency for one of `currency`."""
        ...


def by_bucket(ledger: LargeLedger, settings: Settings, as_of: dt.date, exchange: Rates) -> pa.Table:
    """Sum the open items by account and bucket of age; a row has its oldest date, and `documents`.

    A report that asks only for buckets and accounts gets the same sums from these rows as from the items themselves. `worth` and
    `contested` are in the report currency, each item rounded; `most` is the largest item, and `low` tells of two equal ones the
    one due first: odd where that one is disputed in full.
    """
    key = ("bucket", as_of, settings.aging_basis, settings.unapplied, settings.limits, exchange.currency)
    if key in ledger.kept:
        kept: pa.Table = ledger.kept[key]
        return kept
    scale = 10.0 ** minor_units(exchange.currency)
    codes = sorted({currency for _, currency in ledger.control(as_of)})
    _bring_rates(ledger, {code: float(exchange.known_rate(code) or 0.0) for code in codes})

    def make(day: dt.date, table: ir.Table) -> ir.Table:
        basis = table.document_date if settings.aging_basis == "document date" else table.due_date
        if settings.unapplied == "by date":
            basis = ibis.ifelse(table.kind == "item", basis, table.document_date)
        starts = [day, *(day - dt.timedelta(days=limit) for limit in settings.limits)]
        known = ((basis >= ibis.date(start.isoformat()), number) for number, start in enumerate(starts))
        without = (basis == ibis.date(WITHOUT.isoformat()), -1)  # apart from what falls due: its sums keep the day that tells it
        table = _rated(table.mutate(basis=basis, bucket=ibis.cases(without, *known, else_=len(starts))), 0.0)
        table = with_worth(table, scale)
        late = ibis.date(day.isoformat()).delta(table.due_date, unit="day")
        table = table.mutate(rank=ranked(table, late, table.disputed == table.open))
        made = table.group_by(["kind", "customer_id", "currency", "bucket"]).aggregate(
            due_date=table.basis.min(), open=table.open.sum().cast("int64"), disputed=table.disputed.sum().cast("int64"),
            documents=table.count().cast("int64"), worth=summed(table.worth), contested=summed(table.part), most=table.open.max(),
            rank=table["rank"].max(),
        )  # fmt: skip
        made = made.mutate(document_date=made.due_date, low=low_of(made["rank"], made.most))
        return made.drop("rank").order_by(["customer_id", "currency", "kind", "bucket"])

    words = ["bucket", settings.aging_basis, settings.unapplied, str(scale), *map(str, settings.limits)]
    ledger.kept[key] = found = ledger.ask(words, as_of, make)
    return found


def _bring_rates(ledger: LargeLedger, rates: dict[str, float]) -> None:
    """Bring the rates of a question to the engine, so that its SQL is the same on every day."""
    columns = [pa.array(list(rates), pa.string()), pa.array(list(rates.values()), pa.float64())]
    ledger.engine.bring(_RATES, pa.Table.from_arrays(columns, schema=_RATE))


def late(ledger: LargeLedger, as_of: dt.date, ladder: tuple[int, ...]) -> pa.Table:
    """Sum what is past due by currency, level that the days call for, and whether disputed in full."""

    def make(day: dt.date, items: ir.Table) -> ir.Table:
        table = _overdue(day, items)
        starts = [ibis.date((day - dt.timedelta(days=days - 1)).isoformat()) for days in ladder]
        reached = sum((ibis.ifelse(table.due_date < start, 1, 0) for start in starts), ibis.literal(0))
        table = table.mutate(level=reached.cast("int64"), contested=table.disputed >= table.open)
        return table.group_by(["currency", "level", "contested"]).aggregate(
            items=table.count().cast("int64"), open=table.open.sum().cast("int64"), disputed=table.disputed.sum().cast("int64")
        ).order_by(["currency", "level", "contested"])

    return ledger.ask(["late", *map(str, ladder)], as_of, make)


def late_count(ledger: LargeLedger, as_of: dt.date, ladder: tuple[int, ...]) -> int:
    """Count the items past due."""
    key = ("late", as_of, ladder)
    if key not in ledger.kept:
        ledger.kept[key] = sum(late(ledger, as_of, ladder)["items"].to_pylist())
    return int(ledger.kept[key])


def largest_late(ledger: LargeLedger, as_of: dt.date, factors: dict[str, float], count: int, documents: list[str]) -> pa.Table:
    """Return the largest items past due, compared in one currency, and all of the documents named."""
    _bring_rates(ledger, factors)

    def make(day: dt.date, items: ir.Table) -> ir.Table:
        table = _overdue(day, items)
        rated = _rated(table, 1.0)
        rated = rated.mutate(worth=(rated.open * rated.rate).cast("float64"))
        return rated.order_by([ibis.desc("worth"), "document_no", "instalment"]).limit(count).select(*table.columns)

    found = ledger.ask(["largest", str(count)], as_of, make)
    if documents:
        names = pa.table({"name": pa.array(documents, pa.string())})
        ledger.engine.bring("named_documents", names)

        def make_named(day: dt.date, items: ir.Table) -> ir.Table:
            table, wanted = _overdue(day, items), table_of(names.schema, "named_documents")
            return table.semi_join(wanted, table.document_no == wanted.name)

        named = ledger.ask(["named"], as_of, make_named)
        found = pa.concat_tables([found, named.filter(pc.invert(pc.is_in(named["document_no"], value_set=found["document_no"])))])
    return found


def _overdue(as_of: dt.date, items: ir.Table) -> ir.Table:
    return items.filter((items.kind == "item") & (items.due_date < ibis.date(as_of.isoformat())))


def _rated(table: ir.Table, unknown: float) -> ir.Table:
    """Bring each row and the rate of its currency together."""
    rates = table_of(_RATE, _RATES)
    joined = table.left_join(rates, table.currency == rates.rate_of).drop("rate_of")
    return joined.mutate(rate=joined.rate.fill_null(unknown))
