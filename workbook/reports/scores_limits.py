"""Scores and limits: how good each customer is, how much it may owe, and who should get no more goods on credit.

The score reads the sheet Customers through the same scorecard as CREDITSCORE; conduct that the ledger shows (days late, disputes)
comes from the ledger.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.credit_file import FIELDS
from functions.customer_score import VERIFICATION_NAMES, Scored, reasons, score_columns
from functions.default_scorecard import DEFAULT_SCORECARD
from functions.reviews import next_reviews
from functions.scorecard import Scorecard, read_scorecard
from functions.scoring import credit_grade
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.labels import word
from workbook.reports.common import amount_text, as_of_words, customer_names
from workbook.reports.exposure import Exposures, exposures, hold_reasons
from workbook.reports.payment_conduct import conduct
from workbook.settings import Settings
from workbook.sheet import Column, Invariant, Sheet
from xladdin.errors import CellError
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[str, int]]] = {
    "customer_id": ("text", 11), "name": ("text", 34), "score": ("number", 8), "grade": ("text", 8), "reasons": ("text", 70),
    "not_verified": ("text", 24), "next_review": ("date", 12), "outstanding": ("amount", 16), "orders_open": ("amount", 15),
    "exposure": ("amount", 16), "credit_limit": ("amount", 15), "group_id": ("text", 11), "group_exposure": ("amount", 16),
    "effective_limit": ("amount", 15), "headroom": ("amount", 16), "days_overdue": ("integer", 9), "hold": ("text", 48),
}  # fmt: skip


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report."""
    language = settings.language
    made = [
        Column(key, word(key, language), kind, width, "key" if key == "customer_id" else "strong" if key == "hold" else "plain")  # type: ignore[arg-type]
        for key, (kind, width) in _WIDTHS.items()
    ]
    return (*made, *(Column(key, word(key, language), "text", width, "input") for key, width in (("owner", 12), ("note", 28))))


@report(
    key="scores_limits",
    sheet="Scores and limits",
    label="Scores and limits",
    label_zh="评分与额度",
    help="How good each customer is and how much it may owe: score, reasons, exposure, limits, and who should get nothing more on credit.",
    help_zh="客户评分与可用额度：评分、原因、风险敞口、额度，以及应停止赊销的客户。",
    columns=columns,
    order=4,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Score every customer and hold its exposure against its limits; the customers' outstanding adds up to the ledger."""
    language = settings.language
    found = exposures(book, settings, as_of)
    card, problems = _scorecard(book)
    scored = score_columns(_file(book, found, as_of), card, np.datetime64(as_of, "D"))
    grades = credit_grade(np.clip(np.nan_to_num(scored.score), 0, 100)).values
    table = book.tables["customers"]
    states = _of(table, "status", found.row_of, "")
    holds = hold_reasons(found, states, settings)
    rows = found.row_of >= 0
    reviews = next_reviews(_days(table, "last_review", found.row_of), _days(table, "first_trade", found.row_of))
    names = customer_names(book, np.array(found.customers, dtype=object), language)
    words = reasons(scored, settings.score_reasons, language)
    separator = "；" if language == "zh" else "; "
    room, limit, effective = found.headroom, found.limit, found.effective
    grouped = found.grouped
    order = np.lexsort((-found.exposure, np.where(np.isnan(room), np.inf, room), np.array([not hold for hold in holds])))
    cells: dict[str, list[Any]] = {
        "customer_id": found.customers,
        "name": names,
        "score": [round(float(value), 1) if has else None for value, has in zip(scored.score, rows, strict=True)],
        "grade": [grade if has else "" for grade, has in zip(grades, rows, strict=True)],
        "reasons": [separator.join(words[row]) if rows[row] else word("no_file", language) for row in range(len(words))],
        "not_verified": [_open_checks(scored, row, language) if rows[row] else "" for row in range(len(words))],
        "next_review": [None if np.isnat(day) else day.item() for day in reviews],
        "outstanding": found.outstanding.tolist(),
        "orders_open": found.orders.tolist(),
        "exposure": found.exposure.tolist(),
        "credit_limit": _amounts(limit),
        "group_id": [head if one else "" for head, one in zip(found.heads, grouped, strict=True)],
        "group_exposure": [total if one else None for total, one in zip(found.group_exposure.tolist(), grouped, strict=True)],
        "effective_limit": _amounts(effective),
        "headroom": _amounts(room),
        "days_overdue": [int(days) or None for days in found.oldest],
        "hold": [separator.join(word(key, language, **places) for key, places in hold) for hold in holds],
    }
    data = {key: [values[row] for row in order] for key, values in cells.items()}
    currency = settings.report_currency
    totals = {
        "customer_id": word("total_report", language, currency=currency),
        **{key: sum(cells[key]) for key in ("outstanding", "orders_open", "exposure")},
    }
    over = [-value for value in cells["headroom"] if value is not None and value < 0]
    late = [day for day in cells["next_review"] if day is not None and day < as_of]
    return Sheet(
        report="scores_limits",
        name="Scores and limits",
        title=word("scores_limits_title", language),
        subtitle=as_of_words(settings, as_of, len(found.customers), "unit_customers"),
        columns=columns(settings),
        data=data,
        key_columns=("customer_id",),
        totals=[totals] if found.customers else [],
        total_keys={currency: totals} if found.customers else {},
        facts=[
            (word("exposure", language), amount_text(totals["exposure"], currency)),
            (word("fact_over_limit", language), f"{len(over):,}  ({amount_text(sum(over), currency)})"),
            (word("fact_hold", language), f"{sum(map(bool, holds)):,}"),
            (word("fact_reviews_late", language), f"{len(late):,}"),
            (word("fact_not_verified", language), f"{sum(map(bool, cells['not_verified'])):,}"),
        ],
        notes=[finding.message for finding in (*problems, *found.exchange.problems)],
        invariants=[
            Invariant(word("check_ledger", language), code, found.by_currency.get(code, 0), amount)
            for code, amount in sorted(found.ledger.items())
        ],
        problems=[*problems, *found.exchange.problems],
    )


def _scorecard(book: CreditBook) -> tuple[Scorecard, list[Finding]]:
    """Read the sheet Scorecard; an empty one, or one that cannot be read, leaves the default."""
    table = book.tables["scorecard"]
    rows = [list(row) for row in zip(*(table[key].to_pylist() for key in ("factor", "from", "to", "points")), strict=True)]
    if not rows:
        return DEFAULT_SCORECARD, []
    try:
        return read_scorecard(rows, DEFAULT_SCORECARD), []
    except CellError as error:
        return DEFAULT_SCORECARD, [Finding("scorecard", 0, "factor", f"{error}: the default scorecard is used", "", "error")]


def _file(book: CreditBook, found: Exposures, as_of: dt.date) -> dict[str, NDArray[Any]]:
    """Collect what the scorecard can read: the sheet Customers, and how the customer pays."""
    table = book.tables["customers"]
    file: dict[str, NDArray[Any]] = {}
    for key, (kind, _) in FIELDS.items():
        if key not in table.column_names:
            continue
        if kind == "date" or pa.types.is_date(table.schema.field(key).type):
            file[key] = _days(table, key, found.row_of)
        else:
            values = np.append(np.array([np.nan if value is None else float(value) for value in table[key].to_pylist()]), np.nan)
            file[key] = values[found.row_of]
    return file | conduct(book, found.customers, as_of)


def _days(table: pa.Table, key: str, row_of: NDArray[np.int64]) -> NDArray[np.datetime64]:
    values = np.asarray(table[key].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    return np.append(values, np.datetime64("NaT", "D"))[row_of]


def _of(table: pa.Table, key: str, row_of: NDArray[np.int64], missing: str) -> list[str]:
    values = table[key].to_pylist()
    return [(values[row] or missing) if row >= 0 else missing for row in row_of.tolist()]


def _open_checks(scored: Scored, row: int, language: str) -> str:
    names = [name for name, is_open in zip(VERIFICATION_NAMES[language], scored.unverified[:, row], strict=True) if is_open]
    return ("、" if language == "zh" else ", ").join(names)


def _amounts(values: NDArray[np.float64]) -> list[int | None]:
    return [int(value) if np.isfinite(value) else None for value in values]
