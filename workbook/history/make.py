"""What a snapshot of a day holds, made by the rules of the reports themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.history.store import AMOUNT, COLUMNS
from workbook.questions.spans import STEP
from workbook.questions.today import LIMITS
from workbook.reports.aging import WITHOUT_DUE, buckets, settle_oldest_first
from workbook.reports.common import Exchange, Ints, Items, bucket_items
from workbook.reports.default_rule import defaults_of, with_default
from workbook.reports.exposure import exposures
from workbook.reports.holds import holds
from workbook.reports.scores_limits import grades_of, new_customers, scored_file
from workbook.reports.verifications import verified
from workbook.reports.worth import items_worth
from workbook.settings import Settings
from workbook.units import decimal_column, units_column
from xladdin.errors import BadRequest

#: classes of thirty days, as roll rates need them: what is older than the last was there before and did not roll
AGES: Final = (*LIMITS, LIMITS[-1] + STEP)


def aging_tables(book: CreditBook, settings: Settings, as_of: dt.date, exchange: Exchange) -> dict[str, pa.Table]:
    """Sum the open items of a day by account and bucket, and by account and age. Raises BadRequest when they are not the ledger's."""
    items = bucket_items(book, settings, as_of)
    shown = settle_oldest_first(items) if settings.unapplied == "oldest first" else items
    worth, disputed_worth = items_worth(shown, exchange)
    amounts = {"amount": shown.money("open"), "disputed": shown.money("disputed"), "worth": worth, "disputed_worth": disputed_worth}
    by_age = settings.model_copy(update={"aging_basis": "due date", "limits": AGES, "unapplied": "own column"})
    due = bucket_items(book, by_age, as_of)
    due = due.take(due.applied)
    tables = {
        "aging": _summed("aging", "bucket", shown, _stored(buckets(shown, settings, as_of)), amounts, exchange),
        "ages": _summed("ages", "age", due, _stored(buckets(due, by_age, as_of)), {"amount": due.money("open")}, exchange),
    }
    _check(tables["aging"], items.control)
    return tables


def _stored(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count what is without due date as not due: so it stands in snapshots, and in Trends."""
    return np.where(classes == WITHOUT_DUE, 0, classes)


def _summed(
    table: str, name: str, items: Items, classes: NDArray[np.int64], amounts: dict[str, Ints], exchange: Exchange
) -> pa.Table:
    count = items.table.num_rows
    keys = ["customer_id", "currency", name]
    rows = pa.table({
        "customer_id": pc.fill_null(items.table["customer_id"].cast(pa.string()), ""),
        "currency": pc.fill_null(items.table["currency"].cast(pa.string()), ""),
        name: pa.array(classes.astype(np.int16)),
        **{key: pa.array(units) for key, units in amounts.items()},
        "documents": items.table["documents"] if "documents" in items.table.column_names else pa.array(np.ones(count, dtype=np.int64)),
    })  # fmt: skip
    sums = rows.group_by(keys).aggregate([(key, "sum") for key in (*amounts, "documents")])
    sums = sums.sort_by([(key, "ascending") for key in keys])
    codes = pc.dictionary_encode(sums["currency"].combine_chunks())
    without = np.array([exchange.rate(code) is None for code in codes.dictionary.to_pylist()], dtype=np.bool_)
    unknown = without[np.asarray(codes.indices)]
    made = {key: sums[key] for key in keys} | {"documents": sums["documents_sum"]}
    for key in amounts:
        units = sums[f"{key}_sum"].combine_chunks().to_numpy()
        made[key] = decimal_column(units, unknown if key.endswith("worth") else None, kind=AMOUNT)
    return pa.table({key: made[key] for key in COLUMNS[table].names}, schema=COLUMNS[table])


def _check(aging: pa.Table, control: dict[tuple[str, str], int]) -> None:
    """Hold every account against the ledger, summed without applying anything."""
    sums = aging.group_by(["customer_id", "currency"]).aggregate([("amount", "sum")])
    accounts = zip(sums["customer_id"].to_pylist(), sums["currency"].to_pylist(), strict=True)
    amounts = zip(accounts, units_column(sums["amount_sum"])[0].tolist(), strict=True)
    found, known = {account: amount for account, amount in amounts if amount}, {key: amount for key, amount in control.items() if amount}
    if found != known:
        wrong = sorted(account for account in {**found, **known} if found.get(account, 0) != known.get(account, 0))
        names = ", ".join(f"{customer} {currency}" for customer, currency in wrong[:10])
        raise BadRequest(f"the buckets do not add up to the ledger for {names}: nothing was stored; xladdin check says more")


def scores_table(book: CreditBook, settings: Settings, as_of: dt.date) -> pa.Table:
    """Score every customer and hold its exposure against its limits, as Scores and limits does; `hold` names the rules."""
    found = exposures(book, settings, as_of)
    _, score, _ = scored_file(book, found, as_of)
    grades, chances = grades_of(book, found, as_of)
    chances = with_default(chances, defaults_of(book, found, settings, as_of))
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
