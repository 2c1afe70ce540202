"""A ledger that lies elsewhere, as the reports need it: open items, sums of them, single documents."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from workbook.large.duck import DuckEngine, asked
from workbook.large.engine import Engine, open_engine
from workbook.large.finished import Assumptions, assumptions, finished
from workbook.large.mapped import Mapped, mapped
from workbook.large.places import read_place
from workbook.open_items import Keep, Known, Steps, applied, control_of, may_charge, several_charges, steps
from workbook.schema import LEDGER
from workbook.units import MONEY
from workbook.written import SOME_DAY, Lazily, on_day, schema_of
from xladdin.errors import BadRequest

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: documents, open items or parts of a register that are brought into memory: up to so many
IN_MEMORY: Final = 2_000_000
#: fields that get a value where the source has none
_FILLED: Final = frozenset({"document_date", "due_date"})


class TooMany(BadRequest):
    """More documents than are brought into memory."""


@dataclass
class LargeLedger:
    """An opened ledger."""

    engine: Engine
    mapped: Mapped
    assumed: Assumptions
    kept: dict[Any, Any] = field(default_factory=dict)  # what was worked out so far

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
        if "documents" not in self.kept:
            found = self.engine.ask(["documents"], lambda: self.engine.source.aggregate(documents=self.engine.source.count()))
            self.kept["documents"] = found["documents"][0].as_py()
        count: int = self.kept["documents"]
        return count

    @property
    def fits(self) -> bool:
        """Whether the whole ledger may be brought into memory."""
        return self.documents <= IN_MEMORY

    def items(self, as_of: dt.date) -> ir.Table:
        """Return the open items and unapplied amounts of a day, as an expression; the engine keeps them."""
        self._answer(as_of)
        key = ("open", as_of)
        if key not in self.kept:  # SQL that was written before needs no expression
            self.kept[key] = self._stored(_open_name(as_of), self.kept["schema", as_of])
        made: ir.Table = self.kept[key]
        return made

    def control(self, as_of: dt.date) -> dict[tuple[str, str], int]:
        """Sum the ledger by customer and currency without applying anything."""
        self._answer(as_of)
        made: dict[tuple[str, str], int] = self.kept["control", as_of]
        return made

    def _answer(self, as_of: dt.date) -> None:
        """Work out a day once: sums of the ledger, then the open items. What only leads to them is let go, as it takes much room."""
        if ("control", as_of) in self.kept:
            return
        both = _Both(self)
        found = self._run("steps", as_of, lambda day, keep: control_of(both.parts(day, keep)[0]))
        none = not self._run("several", as_of, lambda day, _: both.parts(day, self._stored_as)[1].limit(1)).num_rows

        def open_(day: dt.date, keep: Keep) -> ir.Table:
            parts, several = both.parts(day, self._stored_as)
            return keep(_open_name(day), applied(parts, None if none else several))

        if isinstance(self.engine, DuckEngine):
            self.kept["schema", as_of] = self._run(f"open {none}", as_of, lambda day, keep: open_(day, keep).limit(0)).schema
        else:
            self.kept["open", as_of] = open_(as_of, self.keep)
        accounts = zip(found["customer_id"].to_pylist(), found["currency"].to_pylist(), strict=True)
        for name in _STEPS:
            self.engine.forget(name)
        self.kept["control", as_of] = dict(zip(accounts, found["total"].to_pylist(), strict=True))

    def _run(self, name: str, as_of: dt.date, make: Callable[[dt.date, Keep], ir.Table]) -> pa.Table:
        """Answer a question that may keep answers of its own on the way. DuckDB's SQL for it is written once, for any day."""
        if not isinstance(self.engine, DuckEngine):
            return self.engine.query(make(as_of, self.keep))

        def write() -> list[list[str]]:
            made: list[list[str]] = []

            def keep(step_name: str, step: ir.Table) -> ir.Table:
                made.append([step_name, *asked(step.drop(*self._left_out(step.columns)))])
                return self._stored_as(step_name, step)

            answer = make(SOME_DAY, keep)
            return [*made, ["", *asked(answer)]]

        *steps_, (_, sql, schema) = self.engine.recall([self.basis, name], write)
        for step, step_sql, _ in steps_:
            self.engine.keep_sql(_moved(step, as_of), _moved(step_sql, as_of))
        return self.engine.answer(_moved(sql, as_of), schema_of(schema))

    def ask(self, key: Sequence[str], as_of: dt.date, make: Callable[[dt.date, ir.Table], ir.Table]) -> pa.Table:
        """Answer a question on the open items of a day."""
        self._answer(as_of)

        def items(day: dt.date) -> ir.Table:
            return self._stored(_open_name(day), self.kept["schema", as_of]) if day == SOME_DAY else self.items(day)

        return self._run(json.dumps(list(key)), as_of, lambda day, _: make(day, items(day)))

    def documents_after(self, as_of: dt.date, make: Callable[[dt.date, ir.Table], ir.Table]) -> pa.Table:
        """Answer a question on all documents that has a day in it."""
        return self._run(make.__name__, as_of, lambda day, _: make(day, self.table))

    @cached_property
    def basis(self) -> str:
        """All that the expressions depend on, besides the types of the source's columns and the day."""
        return json.dumps([self.mapped.key, *map(str, dataclasses.astuple(self.assumed))])

    def keep(self, name: str, step: ir.Table) -> ir.Table:
        """Let the engine keep an answer that others are worked out from.

        Columns that nothing fills are left out and added again: they cost room.
        """
        return self._whole(self.engine.keep(name, step.drop(*self._left_out(step.columns))), step.schema())

    def _stored_as(self, name: str, step: ir.Table) -> ir.Table:
        """Return a table as the engine will have kept it."""
        return self._stored(name, step.schema().to_pyarrow())

    def _stored(self, name: str, schema: pa.Schema) -> ir.Table:
        out = set(self._left_out(schema.names))
        stored = ibis.table(ibis.Schema.from_pyarrow(pa.schema([one for one in schema if one.name not in out])), name=name)
        return self._whole(stored, ibis.Schema.from_pyarrow(schema))

    def _whole(self, stored: ir.Table, schema: Any) -> ir.Table:
        blank = self._left_out(schema.names)
        return stored.mutate(**{one: ibis.null(schema[one]) for one in blank}).select(*schema.names)

    def _left_out(self, columns: Sequence[str]) -> list[str]:
        return [one for one in columns if one in self.mapped.blank - _FILLED]

    def all_items(self, as_of: dt.date) -> pa.Table:
        """Bring all open items. Raises TooMany where they are too many."""
        key = ("items", as_of)
        if key not in self.kept:
            order = ["row", "document_no", "instalment"]
            found = self.ask(["all"], as_of, lambda _, items: items.order_by(order).limit(IN_MEMORY + 1))
            self._need_few(found.num_rows, "open items")
            self.kept[key] = found
        made: pa.Table = self.kept[key]
        return made

    def documents_of(self, as_of: dt.date, customer: str, currency: str) -> pa.Table:
        """Return a customer's open items and unapplied amounts in a currency: what the cells of its line are made of."""
        items = self.items(as_of)
        mine = items.filter((items.customer_id == customer) & (items.currency == currency))
        return self.engine.query(mine.order_by(["due_date", "document_no", "instalment"]))

    def typed(self) -> pa.Table:
        """Bring the whole ledger, typed like the sheet's own. Raises TooMany where it is too large."""
        if "typed" not in self.kept:
            self._need_few(self.documents, "documents")
            keys = [one.key for one in LEDGER.fields]
            # not every engine numbers its rows: then the documents' own order stands in, the same at every reading
            order = ["row", "document_date", "document_no", "instalment", "due_date", "amount"]
            found = self.engine.ask([self.basis, "typed"], lambda: self.table.select(*keys, "row", "usable").order_by(order))
            numbers = pa.array(np.arange(found.num_rows, dtype=np.int64))
            found = found.set_column(found.schema.get_field_index("row"), "row", numbers)  # reports find documents by it
            for index, one in enumerate(LEDGER.fields):
                if one.kind == "amount":
                    found = found.set_column(index, one.key, found[one.key].cast(MONEY))
            self.kept["typed"] = found
        made: pa.Table = self.kept["typed"]
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


#: answers that only lead to the open items
_STEPS: Final = ("given", "free", "charges", "several")


def _open_name(as_of: dt.date) -> str:
    """Name the open items of a day in the engine."""
    return f"open_{as_of:%Y%m%d}"


def _moved(sql: str, as_of: dt.date) -> str:
    """Put a day into SQL that was written for `SOME_DAY`."""
    return on_day(sql, as_of).replace(_open_name(SOME_DAY), _open_name(as_of))


class _Both:
    """The steps of a day and the documents of several charges, worked out once."""

    def __init__(self, ledger: LargeLedger) -> None:
        self._ledger = ledger
        self._made: tuple[Steps, ir.Table] | None = None

    def parts(self, day: dt.date, keep: Keep) -> tuple[Steps, ir.Table]:
        """Return them, kept the first time."""
        if self._made is None:
            ledger = self._ledger
            known = Known(negative=ledger.assumed.negative, partly="settled_amount" not in ledger.mapped.blank)
            # settled invoices leave before their texts are looked at
            charging = finished(ledger.mapped.table(may_charge(ledger.mapped.fields, day, known)), ledger.assumed)
            parts = steps(ledger.table, day, keep, replace(known, charging=charging))
            self._made = parts, keep("several", several_charges(parts))
        return self._made


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

