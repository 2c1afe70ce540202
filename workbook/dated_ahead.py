"""Documents, settlements and orders dated after the day of the reports: they are in none of them, so they are told with their amounts.

A document of the days after a month end is nothing to wonder at; one that is dated a quarter ahead or more is a slip of the year, or of
another calendar (a Buddhist year is 543 ahead), and each is a warning of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.checks import mask
from workbook.problems import Problems
from workbook.schema import LEDGER, Table
from workbook.sheet import money_text
from workbook.tables import TABLES
from workbook.units import units_column

if TYPE_CHECKING:
    from workbook.book import CreditBook

#: days ahead from which a date is a slip
FAR: Final = 92
#: so many of them are told one by one
_ONE_BY_ONE: Final = 50
#: the dates that decide whether a row counts, by table
_DATES: Final = {LEDGER.key: ("document_date", "settled_date"), "orders": ("order_date",)}


def tell_ahead(table: Table, data: pa.Table, rows: np.ndarray, day: dt.date, problems: Problems) -> None:
    """Tell the rows of a typed table that are dated after a day; `rows`: their numbers on the sheet or in the file."""
    for column in _DATES.get(table.key, ()):
        later = mask(pc.greater(data[column], pa.scalar(day, pa.date32())))
        if "usable" in data.column_names:
            later &= mask(data["usable"])
        places = np.flatnonzero(later)
        if not len(places):
            continue
        days = np.asarray(data[column].take(pa.array(places)).combine_chunks()).astype("datetime64[D]")
        units, _ = units_column(data["amount"].take(pa.array(places)))
        codes = [code or "?" for code in data["currency"].take(pa.array(places)).to_pylist()]
        ahead = (days - np.datetime64(day, "D")).astype(np.int64)
        far = ahead > FAR
        single = far if int(far.sum()) <= _ONE_BY_ONE else np.zeros(len(far), dtype=np.bool_)
        for at in np.flatnonzero(single).tolist():
            amount = f"{codes[at]} {money_text(int(units[at]))}"
            words = {"days": f"{int(ahead[at]):,}", "as_of": day.isoformat(), "amount": amount}
            problems.add(f"ahead_{column}", table.name, int(rows[places[at]]), column, days[at].item(), **words)
        for severe in (True, False):
            groups: dict[str, list[int]] = defaultdict(list)
            for at in np.flatnonzero((far == severe) & ~single).tolist():
                groups[codes[at]].append(at)
            for code, ones in sorted(groups.items()):
                total = f"{code} {money_text(int(units[ones].sum()))}"
                _tell_some(problems, table, column, len(ones), (days[ones].min().item(), days[ones].max().item()), total, day, far=severe)


def _tell_some(
    problems: Problems, table: Table, column: str, count: int, between: tuple[dt.date, dt.date], amount: str, day: dt.date, *, far: bool
) -> None:
    words: dict[str, Any] = {"as_of": day.isoformat(), "amount": amount, "first": between[0].isoformat(), "last": between[1].isoformat()}
    problems.add("ahead_some" if far else "ahead_soon", table.name, 0, column, count=f"{count:,}", **words)


def ahead(book: CreditBook, language: str, day: dt.date) -> Problems:
    """Tell what of a book is dated after the day of the reports."""
    problems = Problems(language)
    orders = TABLES["orders"]
    if book.large is None:
        ledger = book.tables[LEDGER.key]
        tell_ahead(LEDGER, ledger, np.asarray(ledger["row"].to_numpy()), day, problems)
    else:
        _tell_large(book.large, day, problems)
    tell_ahead(orders, book.tables[orders.key], np.asarray(book.tables[orders.key]["row"].to_numpy()), day, problems)
    return problems


def _tell_large(large: Any, day: dt.date, problems: Problems) -> None:
    """Count what is dated ahead in a ledger that lies elsewhere, by currency."""
    import ibis  # noqa: PLC0415 - only a ledger elsewhere needs it

    from workbook.open_items import in_units  # noqa: PLC0415

    def dated_ahead(day: dt.date, table: Any) -> Any:
        table = table.filter(table.usable & (table.document_date > ibis.date(day.isoformat())))
        far = table.document_date > ibis.date((day + dt.timedelta(days=FAR)).isoformat())
        return table.mutate(far=ibis.ifelse(far, 1, 0).cast("int64"), units=in_units(table.amount)).group_by(["currency", "far"]).aggregate(
            rows=lambda t: t.count().cast("int64"),
            units=lambda t: t.units.sum().fill_null(0).cast("int64"),
            first=lambda t: t.document_date.min(),
            last=lambda t: t.document_date.max(),
        )

    found = large.documents_after(day, dated_ahead).to_pylist()
    for row in sorted(found, key=lambda one: (-one["far"], one["currency"])):
        amount, between = f"{row['currency']} {money_text(row['units'])}", (row["first"], row["last"])
        _tell_some(problems, LEDGER, "document_date", row["rows"], between, amount, day, far=bool(row["far"]))
