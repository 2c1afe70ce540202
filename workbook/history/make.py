"""What a snapshot of a day holds, made by the rules of the reports themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.aging import days_overdue, index_of_days
from workbook.book import CreditBook
from workbook.history.store import AMOUNT, COLUMNS
from workbook.reports.aging import buckets, settle_oldest_first
from workbook.reports.common import Items, bucket_items
from workbook.reports.exposure import exposures
from workbook.reports.holds import holds
from workbook.reports.rolling import LIMITS, STEP
from workbook.reports.scores_limits import grades_of, new_customers, scored_file
from workbook.reports.verifications import verified
from workbook.settings import Settings
from workbook.units import decimal_column, units_column
from xladdin.errors import BadRequest

#: classes of thirty days, as roll rates need them: what is older than the last was there before and did not roll
AGES: Final = (*LIMITS, LIMITS[-1] + STEP)


def aging_tables(book: CreditBook, settings: Settings, as_of: dt.date) -> dict[str, pa.Table]:
    """Sum the open items of a day by account and bucket, and by account and age. Raises BadRequest when they are not the ledger's."""
    # limits of both kinds together cut the items so finely that each sum lies in one bucket and in one age
    by_due_date = settings.aging_basis == "due date"
    fine = settings.model_copy(update={"limits": tuple(sorted({*settings.limits, *AGES}))}) if by_due_date else settings
    items = bucket_items(book, fine, as_of)
    due = items if by_due_date else bucket_items(book, settings.model_copy(update={"aging_basis": "due date", "limits": AGES}), as_of)
    shown = settle_oldest_first(items) if settings.unapplied == "oldest first" else items
    due = due.take(due.applied)
    ages = index_of_days(days_overdue(due.dates("due_date"), np.datetime64(as_of, "D")), AGES)
    tables = {"aging": _summed("aging", "bucket", shown, buckets(shown, settings, as_of)), "ages": _summed("ages", "age", due, ages)}
    _check(tables["aging"], items.control)
    return tables


def _summed(table: str, name: str, items: Items, classes: NDArray[np.int64]) -> pa.Table:
    count = items.table.num_rows
    rows = pa.table({
        "customer_id": pc.fill_null(items.table["customer_id"].cast(pa.string()), ""),
        "currency": pc.fill_null(items.table["currency"].cast(pa.string()), ""),
        name: pa.array(classes.astype(np.int16)),
        "amount": pa.array(items.money("open")),
        "disputed": pa.array(items.money("disputed")),
        "documents": items.table["documents"] if "documents" in items.table.column_names else pa.array(np.ones(count, dtype=np.int64)),
    })  # fmt: skip
    keys = ["customer_id", "currency", name]
    sums = rows.group_by(keys).aggregate([(key, "sum") for key in ("amount", "disputed", "documents")])
    sums = sums.sort_by([(key, "ascending") for key in keys])
    made = {key: sums[key] for key in keys}
    for key in ("amount", "disputed"):
        made[key] = decimal_column(sums[f"{key}_sum"].combine_chunks().to_numpy(), kind=AMOUNT)
    made["documents"] = sums["documents_sum"]
    return pa.table({key: made[key] for key in COLUMNS[table].names}, schema=COLUMNS[table])


def _check(aging: pa.Table, control: dict[tuple[str, str], int]) -> None:
    """Hold every account against the ledger, summed without applying anything."""
    sums = aging.group_by(["customer_id", "currency"]).aggregate([("amount", "sum")])
    accounts = zip(sums["customer_id"].to_pylist(), sums["currency"].to_pylist(), strict=True)
    found = dict(zip(accounts, units_column(sums["amount_sum"])[0].tolist(), strict=True))
    wrong = sorted(account for account in {**found, **control} if found.get(account, 0) != control.get(account, 0))
    if wrong:
        names = ", ".join(f"{customer} {currency}" for customer, currency in wrong[:10])
        raise BadRequest(f"the buckets do not add up to the ledger for {names}: nothing was stored; xladdin check says more")


def scores_table(book: CreditBook, settings: Settings, as_of: dt.date) -> pa.Table:
    """Score every customer and hold its exposure against its limits, as Scores and limits does; `hold` names the rules."""
    found = exposures(book, settings, as_of)
    _, score, _ = scored_file(book, found, as_of)
    grades, chances = grades_of(book, found, as_of)
    checks = verified(book.tables["customers"], found.row_of, settings, as_of)
    made = holds(book, found, checks, new_customers(book, found, as_of), settings, as_of)
    columns: dict[str, Any] = {
        "customer_id": pa.array(found.customers, pa.string()),
        "score": _known(score),
        "grade": pa.array([str(grade) or None for grade in grades], pa.string()),
        "default_probability": _known(chances),
        "credit_limit": _amounts(found.limit),
        "effective_limit": _amounts(found.effective),
        "exposure": decimal_column(found.exposure, kind=AMOUNT),
        "over_limit": _amounts(np.maximum(-found.headroom, 0)),
        "overdue": decimal_column(found.overdue, kind=AMOUNT),
        "days_overdue": pa.array(found.oldest.astype(np.int32)),
        "hold": pa.array([",".join(dict.fromkeys(hold.rule for hold in one)) for one in made.reasons], pa.string()),
    }
    return pa.table(columns, schema=COLUMNS["scores"]).sort_by("customer_id")


def _known(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))


def _amounts(values: NDArray[np.float64]) -> pa.Array:
    return decimal_column(np.nan_to_num(values).astype(np.int64), ~np.isfinite(values), kind=AMOUNT)
