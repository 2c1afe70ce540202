"""Who answers a question: DuckDB in this process for the sheet's own ledger, else the engine of the ledger.

A question is a function `Ask -> expression`. The days in it have names, and small tables of ours too, so that the SQL of a
question is the same on every day and for every workbook: Ibis needs longer to write it than DuckDB to answer it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from functions.money import minor_units
from workbook.book import CreditBook
from workbook.large.duck import duck_sql
from workbook.large.engine import table_of
from workbook.open_items import fill_due_dates
from workbook.questions.ask import ITEMS, LEDGER, VALUED, Ask, Question
from workbook.questions.worth import valued
from workbook.reports.common import Exchange, items_of
from workbook.reports.worth import items_worth
from workbook.written import Lazily, recall, schema_of, schema_text

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")


def rates_table(exchange: Exchange, codes: Sequence[str]) -> pa.Table:
    """Make the table of rates: units of the report currency for one of each currency, 0 where it is not known, and its decimals."""
    scale = 10.0 ** minor_units(exchange.currency)
    return pa.table({
        "rate_currency": pa.array(codes, pa.string()),
        "rate": pa.array([exchange.known_rate(code) or 0.0 for code in codes], pa.float64()),
        "rate_scale": pa.array([scale] * len(codes), pa.float64()),
    })


@lru_cache(maxsize=1)
def _getvariable() -> Any:
    """Return DuckDB's own: a value that was set before the question."""

    def getvariable(name: str) -> dt.date:  # type: ignore[empty-body]
        ...

    return ibis.udf.scalar.builtin(getvariable)


def named_day(name: str) -> ir.DateValue:
    """Return a day that DuckDB is told before the question."""
    made: ir.DateValue = _getvariable()(name).name(name)
    return made


def currencies(ask: Ask) -> ir.Table:
    """Name every currency of the ledger."""
    return ask.ledger.select("currency").distinct()


Days = Mapping[str, dt.date]
Small = Mapping[str, pa.Table]


@dataclass
class Asked:
    """A ledger on a day, and what was answered so far: the reports of one run ask for the same."""

    as_of: dt.date
    book: CreditBook
    answers: dict[Any, Any] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict)
    _connection: Any = None
    _days: dict[str, dt.date] = field(default_factory=dict)

    def answer(
        self, question: Question, by: Sequence[str], days: Days | None = None, small: Small | None = None, exchange: Exchange | None = None,
        few: str = "",
    ) -> pa.Table:
        """Put a question to the ledger; the rows come sorted `by` these columns, as engines order texts in ways of their own.

        `exchange`: for a question about amounts in the report currency. `few`: what the rows are, where they are documents and not sums;
        raises TooMany where a ledger elsewhere has more than are brought.
        """
        days, small = {"day": self.as_of, **(days or {})}, {**(small or {})}
        if exchange is not None:
            small["rates"] = self._rates(exchange)
        here = self.book.small
        found = self._here(question, days, small, exchange) if here else self._there(question, days, small, exchange, few)
        return found.sort_by([(key, "ascending") for key in by])

    def once(self, question: Question, by: Sequence[str], days: Days | None = None, exchange: Exchange | None = None) -> pa.Table:
        """Put a question whose days follow from the day, and keep its answer for whoever asks again."""
        key = (question, exchange and exchange.currency)
        if key not in self.answers:
            self.answers[key] = self.answer(question, by, days, exchange=exchange)
        made: pa.Table = self.answers[key]
        return made

    def _rates(self, exchange: Exchange) -> pa.Table:
        """Return the rates of every currency of the ledger."""
        codes = self.once(currencies, ["currency"])["currency"].to_pylist()
        return rates_table(exchange, [code for code in codes if code])

    def _there(self, question: Question, days: Days, small: Small, exchange: Exchange | None, few: str) -> pa.Table:
        large = self.book.large
        brought = {name: large.engine.lookup(name, table) for name, table in small.items()}
        currency = exchange.currency if exchange else ""

        def table(name: str) -> ir.Table:
            if name == LEDGER:
                made: ir.Table = large.table
                return made
            if name == VALUED:
                return kept(valued, currency)
            return large.items(self.as_of) if name == ITEMS else brought[name]

        def kept(other: Question, mark: str = "") -> ir.Table:
            if (other, mark) not in self.kept:
                self.kept[other, mark] = large.keep(f"{other.__name__}_{self.as_of:%Y%m%d}{mark}", other(ask))
            made: ir.Table = self.kept[other, mark]
            return made

        ask = Ask(table, lambda name: ibis.date(days[name].isoformat()), kept, lambda other: other(ask))
        found: pa.Table = large.few(question(ask), few) if few else large.engine.query(question(ask))
        return found

    def _here(self, question: Question, days: Days, small: Small, exchange: Exchange | None) -> pa.Table:
        """Let DuckDB answer: from a connection that sees nothing but these tables."""
        if self._connection is None:
            self._connection = duckdb.connect()
        tables: dict[str, Callable[[], pa.Table]] = {LEDGER: self._filled, ITEMS: lambda: items_of(self.book, self.as_of).table}
        tables |= {name: partial(_same, table) for name, table in small.items()}
        if exchange is not None:
            tables[VALUED] = lambda: self._valued(exchange)
        key = (question, self.book.tables["ledger"].schema, tuple((name, table.schema) for name, table in small.items()))
        if key not in _written:
            _written[key] = _recall(question, tables, [*key[2]])
        for name, day in days.items():
            if self._days.get(name) != day:
                self._connection.execute(f"SET VARIABLE \"{name}\" = DATE '{day.isoformat()}'")
                self._days[name] = day
        self._bring(_written[key], tables)
        return self._connection.sql(_written[key].sql).to_arrow_table().cast(_written[key].schema)

    def _bring(self, written: _Written, tables: Mapping[str, Callable[[], pa.Table]]) -> None:
        """Let the connection see what a question reads, and keep the answers that it builds on."""
        for one in written.first:
            if one.name not in self.kept:
                self._bring(one, tables)
                self._connection.execute(f"CREATE TEMP TABLE {one.name} AS {one.sql}")
                self.kept[one.name] = True
        for name in written.tables:
            self._connection.register(name, tables[name]())

    def _valued(self, exchange: Exchange) -> pa.Table:
        key = (VALUED, exchange.currency)
        if key not in self.kept:
            items = items_of(self.book, self.as_of)
            worth, contested = items_worth(items, exchange)
            self.kept[key] = items.table.append_column("worth", pa.array(worth)).append_column("contested", pa.array(contested))
        made: pa.Table = self.kept[key]
        return made

    def _filled(self) -> pa.Table:
        if LEDGER not in self.kept:
            self.kept[LEDGER] = fill_due_dates(self.book.tables["ledger"])
        return self.kept[LEDGER]


@dataclass(frozen=True, slots=True)
class _Written:
    """A question in DuckDB's SQL: the tables it reads, the kept answers it builds on, what it promises; a name where it is kept itself."""

    sql: str
    tables: tuple[str, ...]
    first: tuple[_Written, ...]
    schema: pa.Schema
    name: str = ""


def _same(table: pa.Table) -> pa.Table:
    return table


_written: dict[Any, _Written] = {}


def _write(question: Question, tables: Mapping[str, Callable[[], pa.Table]], name: str = "") -> _Written:
    used: dict[str, ir.Table] = {}
    first: dict[str, _Written] = {}

    def table(key: str) -> ir.Table:
        if key not in used:
            used[key] = table_of(tables[key]().schema, key)
        return used[key]

    def kept(other: Question) -> ir.Table:
        key = f"kept_{other.__name__}"
        if key not in first:
            first[key] = _write(other, tables, key)
        return table_of(first[key].schema, key)

    made = question(Ask(table, named_day, kept, kept))
    return _Written(duck_sql(made), tuple(used), tuple(first.values()), made.schema().to_pyarrow(), name)


def _recall(question: Question, tables: Mapping[str, Callable[[], pa.Table]], small: Sequence[tuple[str, pa.Schema]]) -> _Written:
    """Write a question, or read what was written before; one that another function makes is told by what it was made of."""
    made_of = [cell.cell_contents for cell in getattr(question, "__closure__", None) or ()]
    if not hasattr(question, "__qualname__") or not all(isinstance(one, (int, float, str)) for one in made_of):
        return _write(question, tables)
    key = [question.__module__, question.__qualname__, *map(repr, made_of), schema_text(tables[LEDGER]().schema)]
    key += [word for name, schema in small for word in (name, schema_text(schema))]
    return _read(recall(["question", *key], lambda: _plain(_write(question, tables))))


def _plain(one: _Written) -> list[Any]:
    return [one.sql, list(one.tables), [_plain(other) for other in one.first], schema_text(one.schema), one.name]


def _read(made: list[Any]) -> _Written:
    sql, tables, first, schema, name = made
    return _Written(sql, tuple(tables), tuple(_read(other) for other in first), schema_of(schema), name)


_newest: list[Asked] = []


def asked_of(book: CreditBook, as_of: dt.date) -> Asked:
    """Return what was asked of a book's ledger on a day; the newest one is kept."""
    if not (_newest and _newest[0].book.tables is book.tables and _newest[0].as_of == as_of):
        _newest[:] = [Asked(as_of, book)]
    return _newest[0]
