"""Rows of a file that are totals, and no documents: "Total for C1", 合计, Summe, or the sum of what stands above without a word.

A total has neither a number nor a day of its own. The word alone decides nothing where both are there (a customer may be called Total), and
where one of them is there the amount must be the sum of rows above. What is left out is told with its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from workbook.importing.columns import cells_of
from workbook.importing.source import Source
from workbook.importing.transform import Cells
from xladdin.counted import counted

_LATIN: Final = (
    r"(?:grand |sub|sub-|sub |net |overall |report |page |running )?totals?", "total general", "total général", "total geral", "sous-total",
    "sous total", "summe", "gesamt", "gesamtsumme", "gesamtbetrag", "zwischensumme", "endsumme", "saldo gesamt", "totale", "totali",
    "totale generale", "subtotale", "totaal", "subtotaal", "eindtotaal", "suma", "suma total", "razem", "suma końcowa", "celkem", "součet",
    "összesen", "toplam", "genel toplam", "soma", "sum", "i alt", "summa", "yhteensä", "итого", "всего", "closing balance",
)  # fmt: skip
_EAST: Final = ("合计", "合計", "总计", "總計", "小计", "小計", "総計", "累计", "累計", "总和", "汇总", "期末余额", "합계", "총계", "소계", "총합계")
_BEGINS: Final = re.compile(rf"[\W_]*(?:(?:{'|'.join(_LATIN)})(?=[\s:.\-–—(*]|\Z)|[本上]?[月年日季期页]?度?(?:{'|'.join(_EAST)}))", re.IGNORECASE)
_ALONE: Final = re.compile(rf"[\W_]*(?:(?:{'|'.join(_LATIN)})|[本上]?[月年日季期页]?度?(?:{'|'.join(_EAST)}))[\W_]*", re.IGNORECASE)
_CENT: Final = 0.005
_NAMED: Final = 5
_DAYS: Final = ("document_date", "due_date")


def says_total(text: Any) -> bool:
    """Tell whether a cell begins with a word for a total."""
    return isinstance(text, str) and _BEGINS.match(text) is not None


def total_rows(cells: Cells, columns: Iterable[list[Any]], money: Iterable[np.ndarray]) -> np.ndarray:
    """Return the places of the rows that are totals. `cells` are the converted ones, `columns` the file's, `money` its numbers."""
    count = len(next(iter(cells.values()), []))
    numbers, customers = cells.get("document_no"), cells.get("customer_id")
    if numbers is None or not any(key in cells for key in _DAYS):
        return np.empty(0, np.int64)
    no_number, alone = _lacks(numbers), _where(numbers, lambda cell: isinstance(cell, str) and _ALONE.fullmatch(cell) is not None)
    no_day = np.logical_and.reduce([_lacks(cells[key]) for key in _DAYS if key in cells])
    no_customer = np.zeros(count, np.bool_) if customers is None else _where(customers, lambda cell: cell is None)
    maybe = np.flatnonzero(alone | no_number | no_day)
    if not len(maybe):
        return maybe
    word = np.zeros(count, np.bool_)
    for column in columns:
        word[maybe] |= _where([column[place] for place in maybe.tolist()], says_total)
    no_type = _where(cells["document_type"], lambda cell: cell is None or says_total(cell)) if "document_type" in cells else np.ones(count, np.bool_)
    sure = alone | (word & no_number & no_day)
    summed = ~sure & ((word & (no_number | no_day)) | (no_day & (no_number | no_customer) & (no_type | no_customer)))
    if summed.any():
        sure |= _adds_up(sure, summed, customers, list(money))
    return np.flatnonzero(sure)


def without_totals(source: Source, cells: Cells, places: np.ndarray) -> tuple[Source, Cells]:
    """Take rows out of a source and its cells, and say which."""
    if not len(places):
        return source, cells
    kept = np.setdiff1d(np.arange(source.rows), places)
    rows = kept.tolist()
    new = {old: place for place, old in enumerate(rows)}
    named = ", ".join(str(number) for number in source.numbers[places][:_NAMED].tolist())
    more = "" if len(places) <= _NAMED else f" and {len(places) - _NAMED} more"
    told = f"{counted(len(places), 'row')} left out as {'a total' if len(places) == 1 else 'totals'}, no document: row {named}{more}"
    taken = replace(
        source, columns=[_take(column, rows) for column in source.columns], numbers=source.numbers[kept], told=(*source.told, told),
        unvalued={
            index: {new[place]: text for place, text in found.items() if place in new} for index, found in source.unvalued.items()
        },
    )  # fmt: skip
    return taken, {key: [column[row] for row in rows] for key, column in cells.items()}


def texts_of(source: Source) -> list[list[Any]]:
    """Return the cells of a source's columns that may hold a word."""
    return [cells_of(column, code=False) for column in source.columns if not _is_numeric(column)]


def _is_numeric(column: Any) -> bool:
    return isinstance(column, (pa.Array, pa.ChunkedArray)) and not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _take(column: Any, rows: list[int]) -> Any:
    return column.take(pa.array(rows, pa.int64())) if isinstance(column, (pa.Array, pa.ChunkedArray)) else [column[row] for row in rows]


def _lacks(cells: list[Any]) -> np.ndarray:
    return _where(cells, lambda cell: cell is None or says_total(cell))


def _where(cells: list[Any], holds: Any) -> np.ndarray:
    known = {cell: bool(holds(cell)) for cell in set(cells)}
    return np.fromiter(map(known.__getitem__, cells), dtype=np.bool_, count=len(cells))


def _adds_up(sure: np.ndarray, maybe: np.ndarray, customers: list[Any] | None, money: list[np.ndarray]) -> np.ndarray:
    """Tell which rows that may be totals hold the sum of the rows above: of all, of one customer's, or of those since the last total."""
    found = np.zeros(len(sure), np.bool_)
    for values in money:
        filled = np.where(sure | found, 0.0, np.nan_to_num(values))
        since = whole = 0.0
        by_customer: dict[Any, float] = {}
        rows = 0
        for place, (value, certain, candidate) in enumerate(zip(filled.tolist(), (sure | found).tolist(), maybe.tolist(), strict=True)):
            customer = customers[place] if customers is not None else None
            sums = (since, whole, by_customer.get(customer, 0.0) if customer is not None else whole)
            if candidate and abs(value) >= _CENT and rows and any(abs(value - one) < _CENT for one in sums):
                found[place] = certain = True
            if certain:
                since = 0.0
                continue
            rows += 1
            since, whole = since + value, whole + value
            by_customer[customer] = by_customer.get(customer, 0.0) + value
    return found
