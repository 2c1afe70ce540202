"""Rows of a file that are totals, and no documents: "Total for C1", 合计, Summe, or the sum of what stands above without a word.

A total has neither a number nor a day of its own. The word alone decides nothing where both are there (a customer may be called Total), and
where one of them is there the amount must be the sum of rows above. What is left out is told with its row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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
_EAST: Final = (
    "合计", "合計", "总计", "總計", "小计", "小計", "総計", "累计", "累計",
    "总和", "汇总", "期末余额", "합계", "총계", "소계", "총합계",
)  # fmt: skip
_CHINESE: Final = rf"[本上]?[月年日季期页]?度?(?:{'|'.join(_EAST)})"
_BEGINS: Final = re.compile(rf"[\W_]*(?:(?:{'|'.join(_LATIN)})(?=[\s:.\-(*]|\Z)|{_CHINESE})", re.IGNORECASE)
_ALONE: Final = re.compile(rf"[\W_]*(?:(?:{'|'.join(_LATIN)})|{_CHINESE})[\W_]*", re.IGNORECASE)
_PERHAPS: Final = rf"(?i)^[\W_]*(?:{'|'.join(_LATIN)}|{_CHINESE})"  # Arrow's expressions know no (?=
_CENT: Final = 0.005
_NAMED: Final = 5
_DAYS: Final = ("document_date", "due_date")


def says_total(text: Any) -> bool:
    """Tell whether a cell begins with a word for a total."""
    return isinstance(text, str) and _BEGINS.match(text) is not None


def total_rows(cells: Cells, source: Source, money: Sequence[np.ndarray]) -> np.ndarray:
    """Return the places of the rows that are totals. `cells` are the converted ones, `money` the columns in which a sum may stand."""
    count = len(next(iter(cells.values()), []))
    if "document_no" not in cells or not any(key in cells for key in _DAYS):
        return np.empty(0, np.int64)
    named = _words(cells["document_no"])
    alone = np.zeros(count, np.bool_)
    for place in np.flatnonzero(named).tolist():
        alone[place] = _ALONE.fullmatch(cells["document_no"][place]) is not None
    no_number = named | blanks(cells["document_no"])
    no_day = np.logical_and.reduce([blanks(cells[key]) | _words(cells[key]) for key in _DAYS if key in cells])
    maybe = np.flatnonzero(alone | no_number | no_day)
    if not len(maybe):
        return maybe
    word = np.zeros(count, np.bool_)
    for column in source.columns:
        if not _is_numeric(column):
            word[maybe] |= _words(cells_of(_take(column, maybe.tolist()), code=False))
    no_customer = blanks(cells["customer_id"]) if "customer_id" in cells else np.zeros(count, np.bool_)
    kinds = cells.get("document_type")
    no_type = np.ones(count, np.bool_) if kinds is None else blanks(kinds) | _words(kinds)
    sure = alone | (word & no_number & no_day)
    summed = ~sure & ((word & (no_number | no_day)) | (no_day & (no_number | no_customer) & (no_type | no_customer)))
    if summed.any():
        sure |= _adds_up(sure, summed, cells.get("customer_id"), money)
    return np.flatnonzero(sure)


def blanks(cells: list[Any]) -> np.ndarray:
    """Tell which cells are blank."""
    return np.array([cell is None for cell in cells], np.bool_)


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


def _is_numeric(column: Any) -> bool:
    is_arrow = isinstance(column, (pa.Array, pa.ChunkedArray))
    return is_arrow and not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _take(column: Any, rows: list[int]) -> Any:
    return column.take(pa.array(rows, pa.int64())) if isinstance(column, (pa.Array, pa.ChunkedArray)) else [column[row] for row in rows]


def _words(cells: list[Any]) -> np.ndarray:
    """Tell which cells begin with a word for a total."""
    try:
        texts = pa.array(cells, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # numbers of days, or errors among them
        texts = pa.array([cell if isinstance(cell, str) else None for cell in cells], pa.string())
    found = np.zeros(len(cells), np.bool_)
    if texts.null_count < len(cells):
        perhaps = pc.fill_null(pc.match_substring_regex(texts, _PERHAPS), fill_value=False)
        for place in np.flatnonzero(np.asarray(perhaps)).tolist():
            found[place] = says_total(cells[place])
    return found


def _adds_up(sure: np.ndarray, maybe: np.ndarray, customers: list[Any] | None, money: Sequence[np.ndarray]) -> np.ndarray:
    """Tell which rows that may be totals hold the sum of rows above: of all, of one customer, or since the last total."""
    found = np.zeros(len(sure), np.bool_)
    for values in money:
        filled = np.where(sure | found, 0.0, np.nan_to_num(values))
        since = whole = run = 0.0
        last: Any = None
        by_customer: dict[Any, float] = {}
        rows = 0
        for place, (value, certain, candidate) in enumerate(zip(filled.tolist(), (sure | found).tolist(), maybe.tolist(), strict=True)):
            customer = customers[place] if customers is not None else None
            sums = (since, whole, by_customer.get(customer, 0.0) if customer is not None else run)
            found[place] |= bool(candidate and abs(value) >= _CENT and rows and any(abs(value - one) < _CENT for one in sums))
            if certain or found[place]:
                since = 0.0
                continue
            rows += 1
            since, whole, run = since + value, whole + value, value + (run if customer == last else 0.0)
            last = customer
            by_customer[customer] = by_customer.get(customer, 0.0) + value
    return found
