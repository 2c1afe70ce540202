"""The tables of a workbook, typed: what reports read instead of cells.

`read_book` is a function of cells alone: the hosts fetch them, the importers make them, a test writes them down. What it cannot
read it says in a `Finding`; nothing is dropped without one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from workbook.beyond_sense import without_senseless
from workbook.checks import check_customers_alike, check_keys, check_laws, check_references
from workbook.findings import Finding
from workbook.headers import match_header, plain
from workbook.ledger import finish_ledger
from workbook.ledger_sums import totals
from workbook.problems import Problems
from workbook.reading import ARROW_TYPES, read_column
from workbook.schema import LEDGER, Table
from workbook.settings import Settings, read_settings
from workbook.tables import TABLES


class RawTable(NamedTuple):
    """A table as cells: its header, its columns, and the number of its first data row on the sheet."""

    header: Sequence[Any]
    columns: Sequence[Sequence[Any]]
    first_row: int = 2


@dataclass(frozen=True)
class CreditBook:
    """Every table by key (an absent one is empty), what is wrong with them, and the settings.

    Each table has its fields in the order of the schema and the column `row` (its row on the sheet). The ledger also has
    `usable`: False where a report must leave the row out, because its amount, type, currency or date is not known.
    `salt` is the secret that associations share for hashed blacklists; empty where none is known.
    `folder` is where the workbook lies, None for one that was never saved; `name` is its file's name.
    `history` is the folder of its snapshots, asked when a report wants them; None where nobody attached it.
    `large` is a ledger that lies elsewhere, in the place of the sheet's; then the table "ledger" is brought when it is first asked for.
    `previous` holds the reports as they stood before, by report and column: what analysts typed there.
    """

    tables: dict[str, pa.Table]
    findings: list[Finding]
    settings: Settings
    previous: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    salt: str = field(default="", repr=False)
    folder: Path | None = None
    name: str = ""
    history: Any = field(default=None, repr=False)  # workbook.history.trends.History
    large: Any = field(default=None, repr=False)  # workbook.large.ledger.LargeLedger

    @property
    def snapshots(self) -> Path | None:
        """The folder of the book's snapshots, which need not be there; None for a workbook that was never saved."""
        text = self.settings.snapshots or (f"{Path(self.name).stem}-snapshots" if self.name else "")
        path = Path(text).expanduser()
        return None if not text else path if path.is_absolute() else self.folder / path if self.folder else None

    @property
    def documents(self) -> int:
        """Number of documents of the ledger."""
        return int(self.tables["ledger"].num_rows if self.large is None else self.large.documents)

    @cached_property
    def totals(self) -> dict[str, float]:
        """What no sum of any report is larger than, by currency, in 1/10000 units; of a ledger that lies elsewhere its engine knows."""
        return totals(self.tables["ledger"], self.tables["orders"]) if self.large is None else {}

    @property
    def small(self) -> bool:
        """Whether the ledger's documents can be looked at one by one: on the sheet, or few enough to be brought."""
        return self.large is None or bool(self.large.fits)

    def table(self, key: str) -> pa.Table:
        """Return a table by its key."""
        return self.tables[key]


def read_table(
    table: Table, header: Sequence[Any], columns: Sequence[Sequence[Any]], first_row: int, language: str = "en",
) -> tuple[pa.Table, list[Finding]]:
    """Type one table by itself, without looking at the others. Raises BadRequest when two columns are one field."""
    problems = Problems(language)
    return _typed(table, RawTable(header, columns, first_row), problems), problems.finish()


def read_book(raw: Mapping[str, RawTable], settings_values: Mapping[str, Any]) -> CreditBook:
    """Type all tables and check them against each other. Tables are named by key or name; those that are not ours are left alone."""
    settings = read_settings(settings_values)
    problems = Problems(settings.language)
    named = {plain(name): cells for name, cells in raw.items()}
    tables: dict[str, pa.Table] = {}
    for key, table in TABLES.items():
        cells = named.get(plain(key), RawTable([column.key for column in table.fields], [[]] * len(table.fields)))
        tables[key] = _typed(table, cells, problems)
    tables[LEDGER.key] = finish_ledger(tables[LEDGER.key], problems, settings)
    for key, table in TABLES.items():
        check_keys(table, tables[key], problems)
        check_references(table, tables, problems)
    check_customers_alike(tables, problems)
    check_laws(tables["contracts"], problems)
    return CreditBook(tables, problems.finish(), settings)


def _typed(table: Table, raw: RawTable, problems: Problems) -> pa.Table:
    found, others = match_header(table, raw.header)
    count = max((len(column) for column in raw.columns), default=0)
    for index in others:
        if plain(raw.header[index]):
            problems.add("unknown_column", table.name, 0, str(raw.header[index]), raw.header[index])
    columns: dict[str, pa.Array] = {}
    blank_row = np.ones(count, dtype=np.bool_)
    blanks: dict[str, np.ndarray] = {}
    for column in table.fields:
        if column.key not in found:
            columns[column.key] = pa.nulls(count, ARROW_TYPES[column.kind])
            if column.required:
                problems.add("missing_column", table.name, 0, column.key)
            continue

        def note(index: int, code: str, cell: Any, *, key: str = column.key, **values: Any) -> None:
            if code == "unknown_choice":
                values["choices"] = ", ".join(map(problems.choice, table.field(key).choices))
            problems.add(code, table.name, raw.first_row + index, key, cell, **values)

        read = read_column(column, raw.columns[found[column.key]], note)
        columns[column.key] = read.values
        blank_row &= read.blank
        if column.required:
            blanks[column.key] = read.blank
    for key, blank in blanks.items():
        for index in np.flatnonzero(blank & ~blank_row).tolist():
            problems.add("blank", table.name, raw.first_row + index, key)
    columns["row"] = pa.array(np.arange(raw.first_row, raw.first_row + count, dtype=np.int32))
    typed = pa.table(columns)
    return without_senseless(table, typed.filter(pa.array(~blank_row)) if blank_row.any() else typed, problems)
