"""A ledger that lies elsewhere, as the reports need it: open items, sums of them, single documents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from functions.money import minor_units
from workbook.large.engine import Engine, open_engine
from workbook.large.finished import Assumptions, assumptions, finished
from workbook.large.mapped import Mapped, mapped
from workbook.large.places import read_place
from workbook.open_items import Known, applied, control_of, may_charge, several_charges, steps
from workbook.questions.exact import summed
from workbook.questions.worth import contested, rounded
from workbook.schema import LEDGER
from workbook.settings import Settings
from workbook.units import MONEY
from workbook.written import Lazily
from xladdin.errors import BadRequest

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: documents, open items or parts of a register that are brought into memory: up to so many
IN_MEMORY: Final = 2_000_000
_WIDE: Final = "decimal(38, 0)"
_FAR: Final = 1 << 24  # days late lie far within it: an amount, its days and whether it is disputed make one number
#: fields that get a value where the source has none
_FILLED: Final = frozenset({"document_date", "due_date"})


class Rates(Protocol):
    """Exchange rates of a day: `workbook.reports.common.Exchange`."""

    @property
    def currency(self) -> str:
        """The report currency."""
        ...

    def known_rate(self, currency: str) -> float | None:
        """Return units of the report currency for one of `currency`."""
        ...


class TooMany(BadRequest):
    """More documents than are brought into memory."""


@dataclass
class LargeLedger:
    """An opened ledger."""

    engine: Engine
    mapped: Mapped
    assumed: Assumptions
    _kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name to show."""
        return self.engine.name

    @property
    def table(self) -> ir.Table:
        """The whole ledger, with `usable`, as `workbook.ledger` would leave it."""
        return finished(self.mapped.table(), self.assumed)

    @property
    def columns(self) -> dict[str, str]:
        """Which column of the source each field is."""
        return self.mapped.names

    @property
    def documents(self) -> int:
        """Number of documents."""
        if "documents" not in self._kept:
            source = self.engine.source
            self._kept["documents"] = self.engine.query(source.aggregate(documents=source.count()))["documents"][0].as_py()
        count: int = self._kept["documents"]
        return count

    @property
    def fits(self) -> bool:
        """Whether the whole ledger may be brought into memory."""
        return self.documents <= IN_MEMORY

    def items(self, as_of: dt.date) -> ir.Table:
        """Return the open items and unapplied amounts of a day, as an expression; the engine keeps them."""
        self._answer(as_of)
        made: ir.Table = self._kept["open", as_of]
        return made

    def control(self, as_of: dt.date) -> dict[tuple[str, str], int]:
        """Sum the ledger by customer and currency without applying anything."""
        self._answer(as_of)
        made: dict[tuple[str, str], int] = self._kept["control", as_of]
        return made

    def _answer(self, as_of: dt.date) -> None:
        """Work out a day once: sums of the ledger, then the open items. What only leads to them is let go, as it takes much room."""
        if ("open", as_of) in self._kept:
            return
        steps_kept: dict[str, None] = {}

        def keep(name: str, step: ir.Table) -> ir.Table:
            steps_kept[name] = None
            return self._keep(name, step)

        known = Known(negative=self.assumed.negative, partly="settled_amount" not in self.mapped.blank)
        # settled invoices leave before their texts are looked at
        charging = finished(self.mapped.table(may_charge(self.mapped.fields, as_of, known)), self.assumed)
        parts = steps(self.table, as_of, keep, replace(known, charging=charging))
        found = self.engine.query(control_of(parts))
        accounts = zip(found["customer_id"].to_pylist(), found["currency"].to_pylist(), strict=True)
        self._kept["control", as_of] = dict(zip(accounts, found["total"].to_pylist(), strict=True))
        several = keep("several", several_charges(parts))
        none = not self.engine.query(several.limit(1)).num_rows
        self._kept["open", as_of] = self._keep(f"open_{as_of:%Y%m%d}", applied(parts, None if none else several))
        for name in steps_kept:
            self.engine.forget(name)

    def _keep(self, name: str, step: ir.Table) -> ir.Table:
        """Let the engine keep a table. Columns that nothing fills are left out and added again: they cost room."""
        blank = [one for one in step.columns if one in self.mapped.blank - _FILLED]
        stored = self.engine.keep(name, step.drop(*blank))
        schema = step.schema()
        return stored.mutate(**{one: ibis.null(schema[one]) for one in blank}).select(*step.columns)

    def keep(self, name: str, step: ir.Table) -> ir.Table:
        """Let the engine keep an answer that others are worked out from."""
        return self._keep(name, step)

    def all_items(self, as_of: dt.date) -> pa.Table:
        """Bring all open items. Raises TooMany where they are too many."""
        key = ("items", as_of)
        if key not in self._kept:
            self._kept[key] = self.few(self.items(as_of).order_by(["row", "document_no", "instalment"]), "open items")
        made: pa.Table = self._kept[key]
        return made

    def by_bucket(self, settings: Settings, as_of: dt.date, exchange: Rates) -> pa.Table:
        """Sum the open items by account and bucket of age; a row has its oldest date, and `documents`.

        A report that asks only for buckets and accounts gets the same sums from these rows as from the items themselves. `worth` and
        `contested` are in the report currency, each item rounded; `most` is the largest item, and `low` tells of two equal ones the
        one due first: odd where that one is disputed in full.
        """
        key = ("bucket", as_of, settings.aging_basis, settings.unapplied, settings.limits, exchange.currency)
        if key in self._kept:
            kept: pa.Table = self._kept[key]
            return kept
        table = self.items(as_of)
        basis = table.document_date if settings.aging_basis == "document date" else table.due_date
        if settings.unapplied == "by date":
            basis = ibis.ifelse(table.kind == "item", basis, table.document_date)
        starts = [as_of, *(as_of - dt.timedelta(days=limit) for limit in settings.limits)]
        bucket = ibis.cases(*((basis >= ibis.date(day.isoformat()), number) for number, day in enumerate(starts)), else_=len(starts))
        rate, scale = self._rate(table, as_of, exchange), 10.0 ** minor_units(exchange.currency)
        worth = rounded(table.open, rate, scale)
        late = ibis.date(as_of.isoformat()).delta(table.due_date, unit="day")
        low = (late + _FAR // 4) * 2 + ibis.ifelse(table.disputed == table.open, 1, 0)
        table = table.mutate(
            basis=basis, bucket=bucket, worth=worth, part=contested(table, worth, rate, scale),
            rank=table.open.cast(_WIDE) * _FAR + low.cast(_WIDE),
        )
        made = table.group_by(["kind", "customer_id", "currency", "bucket"]).aggregate(
            due_date=table.basis.min(), open=table.open.sum().cast("int64"), disputed=table.disputed.sum().cast("int64"),
            documents=table.count().cast("int64"), worth=summed(table.worth), contested=summed(table.part), most=table.open.max(),
            rank=table["rank"].max(),
        )  # fmt: skip
        made = made.mutate(document_date=made.due_date, low=(made["rank"] - made.most.cast(_WIDE) * _FAR).cast("int64")).drop("rank")
        asked = made.order_by(["customer_id", "currency", "kind", "bucket"])
        self._kept[key] = found = self.engine.query(asked)
        return found

    def _rate(self, table: ir.Table, as_of: dt.date, exchange: Rates) -> Any:
        """Return the rate of each row's currency; 0 where it is not known."""
        codes = sorted({currency for _, currency in self.control(as_of)})
        pairs = [(table.currency == code, float(exchange.known_rate(code) or 0.0)) for code in codes]
        return ibis.cases(*pairs, else_=0.0) if pairs else ibis.literal(0.0)

    def overdue(self, as_of: dt.date) -> ir.Table:
        """Return the items past due on a day, as an expression."""
        items = self.items(as_of)
        return items.filter((items.kind == "item") & (items.due_date < ibis.date(as_of.isoformat())))

    def late(self, as_of: dt.date, ladder: tuple[int, ...]) -> pa.Table:
        """Sum what is past due by currency, level that the days call for, and whether disputed in full."""
        table = self.overdue(as_of)
        starts = [ibis.date((as_of - dt.timedelta(days=days - 1)).isoformat()) for days in ladder]
        reached = sum((ibis.ifelse(table.due_date < start, 1, 0) for start in starts), ibis.literal(0))
        table = table.mutate(level=reached.cast("int64"), contested=table.disputed >= table.open)
        return self.engine.query(
            table.group_by(["currency", "level", "contested"]).aggregate(
                items=table.count().cast("int64"), open=table.open.sum().cast("int64"), disputed=table.disputed.sum().cast("int64")
            ).order_by(["currency", "level", "contested"])
        )

    def late_count(self, as_of: dt.date, ladder: tuple[int, ...]) -> int:
        """Count the items past due."""
        key = ("late", as_of, ladder)
        if key not in self._kept:
            self._kept[key] = sum(self.late(as_of, ladder)["items"].to_pylist())
        return int(self._kept[key])

    def largest_late(self, as_of: dt.date, factors: dict[str, float], count: int, documents: list[str]) -> pa.Table:
        """Return the largest items past due, compared in one currency, and all of the documents named."""
        table = self.overdue(as_of)
        pairs = [(table.currency == code, value) for code, value in factors.items()]
        factor = ibis.cases(*pairs, else_=1.0) if pairs else ibis.literal(1.0)
        worth = (table.open * factor).cast("float64")
        found = self.engine.query(table.order_by([ibis.desc(worth), "document_no", "instalment"]).limit(count))
        if documents:
            named = self.engine.query(table.filter(table.document_no.isin(documents)))
            found = pa.concat_tables([found, named.filter(pc.invert(pc.is_in(named["document_no"], value_set=found["document_no"])))])
        return found

    def documents_of(self, as_of: dt.date, customer: str, currency: str) -> pa.Table:
        """Return a customer's open items and unapplied amounts in a currency: what the cells of its line are made of."""
        items = self.items(as_of)
        mine = items.filter((items.customer_id == customer) & (items.currency == currency))
        return self.engine.query(mine.order_by(["due_date", "document_no", "instalment"]))

    def typed(self) -> pa.Table:
        """Bring the whole ledger, typed like the sheet's own. Raises TooMany where it is too large."""
        if "typed" not in self._kept:
            self._need_few(self.documents, "documents")
            keys = [one.key for one in LEDGER.fields]
            # not every engine numbers its rows: then the documents' own order stands in, the same at every reading
            order = ["row", "document_date", "document_no", "instalment", "due_date", "amount"]
            found = self.engine.query(self.table.select(*keys, "row", "usable").order_by(order))
            numbers = pa.array(np.arange(found.num_rows, dtype=np.int64))
            found = found.set_column(found.schema.get_field_index("row"), "row", numbers)  # reports find documents by it
            for index, one in enumerate(LEDGER.fields):
                if one.kind == "amount":
                    found = found.set_column(index, one.key, found[one.key].cast(MONEY))
            self._kept["typed"] = found
        made: pa.Table = self._kept["typed"]
        return made

    def few(self, rows: ir.Table, what: str) -> pa.Table:
        """Bring rows that are not sums. Raises TooMany where they are too many."""
        found = self.engine.query(rows.limit(IN_MEMORY + 1))
        self._need_few(found.num_rows, what)
        return found

    def _need_few(self, count: int, what: str) -> None:
        if count > IN_MEMORY:
            raise TooMany(
                f"{self.name} has more than {IN_MEMORY:,} {what}, too many for this; name the reports that you need (--report aging …)"
            )


def open_ledger(text: str, columns: str = "", folder: Path | None = None, *, own_rows: bool = False) -> LargeLedger | None:
    """Open the ledger a setting names; None for the sheet. Raises BadRequest. `own_rows`: credit notes settle nothing."""
    place = read_place(text, folder)
    if place is None:
        return None
    engine = open_engine(place)
    try:
        found = mapped(engine, columns)
        return LargeLedger(engine, found, replace(assumptions(engine, found), own_rows=own_rows))
    except BaseException:
        engine.close()
        raise

