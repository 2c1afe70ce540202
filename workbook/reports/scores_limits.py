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
from functions.default_probability import default_prob
from functions.default_scorecard import DEFAULT_SCORECARD
from functions.reviews import is_established, next_reviews
from functions.scorecard import Scorecard, read_scorecard
from functions.scoring import credit_grade
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.labels import word
from workbook.questions.traded import known_customers
from workbook.reports.common import amount_text, as_of_words, customer_names
from workbook.reports.default_rule import defaults_of, expected_losses, with_default
from workbook.reports.exposure import Exposures, exposures
from workbook.reports.holds import Hold, hold_counts, holds
from workbook.reports.payment_conduct import conduct
from workbook.reports.register_columns import register_columns
from workbook.reports.register_words import say
from workbook.reports.verifications import verified, verified_words
from workbook.settings import Settings
from workbook.sheet import Block, Column, ColumnKind, Invariant, Sheet, listed
from xladdin.errors import CellError
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "customer_id": ("text", 12), "name": ("text", 25), "score": ("number", 8), "grade": ("text", 8), "pd": ("rate", 9),
    "reasons": ("text", 42), "not_verified": ("text", 21), "verifications": ("text", 36),
    "next_review": ("date", 12), "outstanding": ("amount", 14), "orders_open": ("amount", 14), "exposure": ("amount", 14),
    "credit_limit": ("amount", 14), "limit_until": ("date", 12), "group_id": ("text", 9), "group_exposure": ("amount", 14),
    "effective_limit": ("amount", 14), "headroom": ("amount", 14), "days_overdue": ("integer", 10), "overdue_report": ("amount", 14),
    "expected_loss": ("amount", 14), "gate": ("text", 11), "hold": ("text", 42),
}  # fmt: skip
_INPUTS: Final[dict[str, tuple[ColumnKind, int]]] = {"owner": ("text", 10), "note": ("text", 22)}


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report."""
    return register_columns(_WIDTHS, settings.language, ("customer_id",), ("hold",), _INPUTS)


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
    grades, chances, unread = _grades(book, np.clip(np.nan_to_num(scored.score), 0, 100))
    table = book.tables["customers"]
    rows = found.row_of >= 0
    defaults = defaults_of(book, found, settings, as_of)
    chances = with_default(np.where(rows, chances, np.nan), defaults)
    losses = expected_losses(found, chances, settings)
    checks = verified(table, found.row_of, settings, as_of)
    new = new_customers(book, found, as_of)
    made = holds(book, found, checks, new, settings, as_of)
    problems = [*problems, *unread, *made.problems]
    reviews = next_reviews(_days(table, "last_review", found.row_of), _days(table, "first_trade", found.row_of))
    names = customer_names(book, np.array(found.customers, dtype=object), language)
    words = reasons(scored, settings.score_reasons, language)
    shut: NDArray[np.bool_] = np.asarray(checks.open.any(axis=0))
    separator = "；" if language == "zh" else "; "
    room, limit, effective = found.headroom, found.limit, found.effective
    grouped = found.grouped
    order = np.lexsort((-found.exposure, np.where(np.isnan(room), np.inf, room), np.array([not hold for hold in made.reasons])))
    cells: dict[str, list[Any]] = {
        "customer_id": found.customers,
        "name": names,
        "score": [round(float(value), 1) if has else None for value, has in zip(scored.score, rows, strict=True)],
        "grade": [grade if has else "" for grade, has in zip(grades, rows, strict=True)],
        "pd": [None if np.isnan(chance) else float(chance) for chance in chances],
        "reasons": [
            separator.join(filter(None, [defaults.reason(row, settings), *(words[row] if rows[row] else [word("no_file", language)])]))
            for row in range(len(words))
        ],
        "not_verified": [_open_checks(scored, row, language) if rows[row] else "" for row in range(len(words))],
        "verifications": [verified_words(checks, row, language) if rows[row] else "" for row in range(len(words))],
        "gate": [say("gate_closed" if closed else "gate_passed", language) if one else "" for one, closed in zip(new, shut, strict=True)],
        "next_review": listed(reviews),
        "outstanding": found.outstanding.tolist(),
        "orders_open": found.orders.tolist(),
        "exposure": found.exposure.tolist(),
        "credit_limit": _amounts(limit),
        "limit_until": listed(_days(table, "limit_until", found.row_of)),
        "group_id": [head if one else "" for head, one in zip(found.heads, grouped, strict=True)],
        "group_exposure": [total if one else None for total, one in zip(found.group_exposure.tolist(), grouped, strict=True)],
        "effective_limit": _amounts(effective),
        "headroom": _amounts(room),
        "days_overdue": [int(days) or None for days in found.oldest],
        "overdue_report": [int(amount) or None for amount in found.overdue],
        "expected_loss": losses.tolist(),
        "hold": [_hold_words(reasons_, excluded, language) for reasons_, excluded in zip(made.reasons, made.excluded, strict=True)],
    }
    data = {key: [values[row] for row in order] for key, values in cells.items()}
    currency = settings.report_currency
    totals = {
        "customer_id": word("total_report", language, currency=currency),
        **{key: sum(cells[key]) for key in ("outstanding", "orders_open", "exposure", "expected_loss")},
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
            (word("fact_hold", language), f"{sum(map(bool, made.reasons)):,}"),
            (say("fact_gate", language), f"{int((new & shut).sum()):,}"),
            (word("fact_default", language), f"{int(defaults.failed.sum()):,}"),
            (word("expected_loss", language), amount_text(totals["expected_loss"], currency)),
            (word("fact_reviews_late", language), f"{len(late):,}"),
            (word("fact_not_verified", language), f"{sum(map(bool, cells['not_verified'])):,}"),
        ],
        notes=[finding.message for finding in (*problems, *found.exchange.problems)],
        invariants=[
            Invariant(word("check_ledger", language), code, found.by_currency.get(code, 0), amount)
            for code, amount in sorted(found.ledger.items())
        ],
        blocks=[_by_rule(found, made.reasons, language)] if any(made.reasons) else [],
        problems=[*problems, *found.exchange.problems],
    )


def new_customers(book: CreditBook, found: Exposures, as_of: dt.date) -> NDArray[np.bool_]:
    """Tell which customers pass the gate first: six months of trade or less, or no trade and no document yet.

    A first trade left blank beside documents says nothing: the ledger may begin later than the trade.
    """
    first = _days(book.tables["customers"], "first_trade", found.row_of)
    known = set(known_customers(book, as_of))
    without = np.array([customer not in known for customer in found.customers], dtype=np.bool_)
    blank = np.isnat(first)
    return (found.row_of >= 0) & np.where(blank, without, ~is_established(first, np.datetime64(as_of, "D")))


def _hold_words(reasons_: list[Hold], excluded: list[Hold], language: str) -> str:
    """Join the reasons to hold a customer; where exclusions lift all of them, say what they lift."""
    separator = "；" if language == "zh" else "; "
    if reasons_ or not excluded:
        return separator.join(hold.text for hold in reasons_)
    return say("hold_excluded_note", language, what=separator.join(hold.text for hold in excluded))


def _by_rule(found: Exposures, reasons_: list[list[Hold]], language: str) -> Block:
    """Count the holds of each rule and the exposure behind them; a customer held by two rules counts in both."""
    counts = hold_counts(found, reasons_)
    return Block(
        say("holds_by_rule", language),
        (
            Column("customers", say("customers_held", language), "integer"),
            Column("rule", say("rule", language), "text", 25, "key"),
            *(Column(f"blank{number}", "", "text") for number in range(10)),
            Column("exposure", say("exposure", language), "amount", 14, "strong"),
        ),
        {
            "customers": [number for number, _ in counts.values()],
            "rule": [say(f"rule_{rule}", language) for rule in counts],
            **{f"blank{number}": [""] * len(counts) for number in range(10)},
            "exposure": [amount for _, amount in counts.values()],
        },
    )


def default_chances(book: CreditBook, found: Exposures, settings: Settings, as_of: dt.date) -> NDArray[np.float64]:
    """Return each customer's one-year probability of default by its score, NaN without a credit file; 1 for one in default."""
    return with_default(scored_file(book, found, as_of)[2], defaults_of(book, found, settings, as_of))


def scored_file(
    book: CreditBook, found: Exposures, as_of: dt.date
) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64], NDArray[np.float64]]:
    """Return what is known of each customer as columns of a credit file, its score and its probability of default; NaN without a file."""
    card, _ = _scorecard(book)
    file = _file(book, found, as_of)
    scored = score_columns(file, card, np.datetime64(as_of, "D"))
    _, chances, _ = _grades(book, np.clip(np.nan_to_num(scored.score), 0, 100))
    known = found.row_of >= 0
    return file, np.where(known, scored.score, np.nan), np.where(known, chances, np.nan)


def grades_of(book: CreditBook, found: Exposures, as_of: dt.date) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return each customer's grade and one-year probability of default; an empty text and NaN without a credit file."""
    _, score, _ = scored_file(book, found, as_of)
    grades, chances, _ = _grades(book, np.clip(np.nan_to_num(score), 0, 100))
    known = found.row_of >= 0
    return np.where(known, grades, ""), np.where(known, chances, np.nan)


def _grades(book: CreditBook, scores: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[np.float64], list[Finding]]:
    """Grade the scores and give each its probability of default, by the sheet Grades; an empty or unreadable one leaves the defaults."""
    table = book.tables["grades"]
    rows = [list(row) for row in zip(*(table[key].to_pylist() for key in ("grade", "from_score", "default_probability")), strict=True)]
    problems: list[Finding] = []
    for bands in ([rows, None] if rows else [None]):
        try:
            graded = credit_grade(scores, bands)
            chances = default_prob(scores.astype(object), bands if bands and all(row[2] is not None for row in bands) else None)
        except CellError as error:
            problems.append(Finding("grades", 0, "grade", f"{error}: the default grades are used", "", "error"))
            continue
        values = np.asarray(chances.values, dtype=np.float64)
        for mask, _ in chances.failures:
            values[mask] = np.nan
        names = np.asarray(graded.values, dtype=object)
        for mask, _ in graded.failures:
            names[mask] = ""
        return names, values, problems
    raise AssertionError  # the default grades can be read


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
