"""A workbook's book with the ledger that its settings name, wherever it lies."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from workbook.book import CreditBook
from workbook.labels import word
from workbook.large.ledger import LargeLedger, open_ledger
from workbook.large.places import read_place, without_password
from workbook.large.problems import tell
from workbook.schema import LEDGER
from workbook.sheet import Sheet, listed
from xladdin.errors import BadRequest

#: addresses that workbooks may call, separated by spaces
ALLOWED: Final = "XLADDIN_LEDGERS"
_NOWHERE: Final = Path(os.devnull)  # below which nothing lies: a workbook without a folder has no files beside it


class _Tables(dict[str, pa.Table]):
    """The tables of a book whose ledger is brought only when a report asks for it."""

    def __init__(self, tables: dict[str, pa.Table], large: LargeLedger) -> None:
        super().__init__({key: table for key, table in tables.items() if key != LEDGER.key})
        self._large = large

    def __missing__(self, key: str) -> pa.Table:
        if key != LEDGER.key:
            raise KeyError(key)
        return self._large.typed()


@contextmanager
def with_ledger(book: CreditBook, *, said: bool) -> Iterator[CreditBook]:
    """Give the book with the ledger of its settings, open as long as the block runs.

    `said`: the person named the place in the command; what only a workbook names is not called when it lies on another machine.
    """
    settings = book.settings
    folder = Path.cwd() if said else book.folder or _NOWHERE
    try:
        place = read_place(settings.ledger, folder)
    except BadRequest as error:
        if folder is not _NOWHERE:
            raise
        raise BadRequest(f"{error}. The workbook has no folder on this computer, beside which it would lie: give its whole path") from None
    if place is None:
        yield book
        return
    if place.elsewhere and not said and settings.ledger.strip() not in os.environ.get(ALLOWED, "").split():
        raise BadRequest(
            f"the workbook asks for the ledger at {without_password(settings.ledger)}, another machine: give it with --ledger, "
            f"or put the address into the variable {ALLOWED} once, so that no workbook calls an address you do not know"
        )
    large = open_ledger(settings.ledger, settings.ledger_columns, folder, own_rows=settings.credit_notes == "own row")
    assert large is not None  # noqa: S101 - a place was read above
    try:
        findings = [one for one in book.findings if one.source != LEDGER.name]
        yield replace(book, tables=_Tables(book.tables, large), findings=[*findings, *tell(large, settings.language)], large=large)
    finally:
        large.engine.close()


def shortened(sheet: Sheet, rows: int, previous: Mapping[str, list[Any]], language: str) -> Sheet:
    """Show the first rows of a report, and those the analyst wrote on; totals, checks and figures stay those of all."""
    if sheet.rows <= rows:
        return sheet
    keep = np.zeros(sheet.rows, dtype=np.bool_)
    keep[:rows] = True
    written = _written_on(sheet, previous)
    if written:
        keys = zip(*(listed(sheet.data[key]) for key in sheet.key_columns), strict=True)
        keep |= np.array([key in written for key in keys], dtype=np.bool_)
    places = np.flatnonzero(keep)

    def take(values: Any) -> Any:
        return values[places] if isinstance(values, np.ndarray) else [values[place] for place in places.tolist()]

    data = {key: take(values) for key, values in sheet.data.items()}
    blocks = [replace(block, data={key: values[:rows] for key, values in block.data.items()}) for block in sheet.blocks]
    codes = {key: take(values) for key, values in sheet.codes.items()}
    note = word("rows_shown", language, shown=f"{len(places):,}", rows=f"{sheet.rows:,}")
    return replace(sheet, data=data, blocks=blocks, codes=codes, notes=[*sheet.notes, note])


def _written_on(sheet: Sheet, previous: Mapping[str, list[Any]]) -> set[tuple[Any, ...]]:
    """Return the keys of rows on which the analyst wrote something."""
    inputs = [previous[column.key] for column in sheet.columns if column.style == "input" and column.key in previous]
    if not inputs or any(key not in previous for key in sheet.key_columns):
        return set()
    keys = list(zip(*(previous[key] for key in sheet.key_columns), strict=True))
    return {key for key, cells in zip(keys, zip(*inputs, strict=True), strict=True) if any(cell not in (None, "") for cell in cells)}
