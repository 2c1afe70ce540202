"""A report as plain data: what stands on its sheet, in which words, and which sums must agree.

A report makes a `Sheet`; `workbook.render` writes it to any host, `as_json` hands it to a program. Amounts are whole
ten-thousandths of a currency unit (`Money`, int64), so that sums are exact; they become numbers only when written.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from workbook.findings import Finding

ColumnKind = Literal["text", "date", "amount", "integer", "number", "rate", "flag", "link"]
Style = Literal["plain", "strong", "input", "key"]

#: amounts are counted in units of 1/10000
MONEY_SCALE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report's table. An `input` column belongs to the analyst: a refresh carries its cells over."""

    key: str
    label: str
    kind: ColumnKind = "text"
    width: int = 12
    style: Style = "plain"
    wrap: bool = False  # a long text breaks into lines; the row grows with it
    spark: tuple[str, str] | None = None  # a small line chart of the columns from one key to another stands in the cell
    folded: bool = False  # a column of detail, hidden until its outline is opened


@dataclass(frozen=True, slots=True)
class Invariant:
    """Two sums that must be equal, both in 1/10000 of the currency; `where` names the documents when they are not."""

    name: str
    currency: str
    left: int
    right: int
    where: str = ""

    @property
    def difference(self) -> int:
        """Left less right."""
        return self.left - self.right

    @property
    def ok(self) -> bool:
        """Tell whether the sums agree exactly."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Block:
    """A second, smaller table below the main one: a title, columns and rows."""

    title: str
    columns: tuple[Column, ...]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report.

    `data` holds a list or array for each column that is not an input; None, NaN and NaT are blank cells. `totals` are rows
    below the table: one dict of column key -> value each. `facts` are the few figures at the top: (label, text).
    `key_columns` name a row, so that what the analyst typed follows it.
    """

    report: str
    name: str
    title: str
    subtitle: str
    columns: tuple[Column, ...]
    data: dict[str, Any]
    key_columns: tuple[str, ...]
    totals: list[dict[str, Any]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    invariants: list[Invariant] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    blocks_from: int = 0  # the smaller tables begin in this row at the earliest: above it the template has charts
    problems: list[Finding] = field(default_factory=list)  # what the report itself found wanting
    chart: list[tuple[str, float]] = field(default_factory=list)  # a few labelled figures that the sheet's chart shows
    charts: dict[str, list[list[Any]]] = field(default_factory=dict)  # more charts: rows of cells, the first with the names of the series
    kinds: dict[tuple[int, str], ColumnKind] = field(default_factory=dict)  # cells (row, column) of another kind than their column
    codes: dict[str, Any] = field(default_factory=dict)  # for programs: a column's codes where the sheet shows words
    states: dict[str, Any] = field(default_factory=dict)  # more codes, of columns that name a row or are read back by the next refresh
    total_keys: dict[str, dict[str, Any]] = field(default_factory=dict)  # totals by currency, for programs

    @property
    def rows(self) -> int:
        """Number of rows of the main table."""
        return next((len(values) for values in self.data.values()), 0)


#: above it a float holds no longer every whole number, so whole and part are turned one by one
_EXACT: Final = 2**53


def money_to_float(units: Any) -> Any:
    """Turn 1/10000 units (a number or an array) into the number a cell shows."""
    near: Any = np.asarray(units, dtype=np.float64) / MONEY_SCALE
    exact = np.asarray(units)
    if exact.dtype.kind != "i" or not (np.abs(exact) > _EXACT).any():
        return near
    return np.where(np.abs(exact) > _EXACT, exact // MONEY_SCALE + (exact % MONEY_SCALE) / MONEY_SCALE, near)[()]


def money_text(units: int) -> str:
    """Write 1/10000 units as a decimal text with at least two places: 12.30, 0.005."""
    whole, part = divmod(abs(int(units)), MONEY_SCALE)
    text = f"{'-' if units < 0 else ''}{whole}.{part:04d}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")


def _plain(value: Any, kind: str) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind == "amount":
        return money_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def as_json(sheet: Sheet) -> dict[str, Any]:
    """Write a report for a program: amounts as decimal strings, dates as ISO texts."""
    columns = [column for column in sheet.columns if column.key in sheet.data]
    lists = {column.key: listed(sheet.codes.get(column.key, sheet.data[column.key])) for column in columns}
    kinds = {column.key: column.kind for column in sheet.columns}
    keys = [column.key for column in columns]
    plain = [[_plain(value, column.kind) for value in lists[column.key]] for column in columns]
    rows = [dict(zip(keys, values, strict=True)) for values in zip(*plain, strict=True)] if columns else [{}] * sheet.rows
    totals = {
        name: {key: _plain(value, kinds[key]) for key, value in row.items() if kinds.get(key) == "amount"}
        for name, row in sheet.total_keys.items()
    }
    return {
        "columns": [{"key": column.key, "label": column.label} for column in sheet.columns],
        "rows": rows,
        "totals": totals,
        "invariants": [
            {
                "name": check.name,
                "currency": check.currency,
                "left": money_text(check.left),
                "right": money_text(check.right),
                "difference": money_text(check.difference),
                "ok": check.ok,
                **({"where": check.where} if check.where else {}),
            }
            for check in sheet.invariants
        ],
        "findings": len(sheet.problems),
    }


def listed(values: Sequence[Any] | np.ndarray) -> list[Any]:
    """Return a column as a list of plain Python values; NaT becomes None."""
    if isinstance(values, np.ndarray):
        if values.dtype.kind == "M":  # what lies after 9999 comes as a number: no cell holds it
            return [value if isinstance(value, dt.date) else None for value in values.astype("datetime64[D]").tolist()]
        return list(values.tolist())
    return list(values)
