"""Watch list: every customer's state by the early warning signals, and the whole catalogue of indicators behind it.

The state, the day it began and the state before stand in the sheet itself, so that a refresh tells what turned, and a second one on
the same day changes nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.early_warning import reason_text
from workbook.book import CreditBook
from workbook.indicators.compute import Measured, measured
from workbook.indicators.conduct import month_edges, monthly
from workbook.indicators.scene import Numbers
from workbook.labels import word
from workbook.reports.common import amount_text, as_of_words, customer_names
from workbook.reports.watch_blocks import catalogue_block, passed_block
from workbook.reports.watch_words import name, state_codes, state_levels
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

MONTHS: Final = 12
#: seven leading columns are as wide as the smaller tables below need them
_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "customer_id": ("text", 18), "name": ("text", 30), "warning": ("text", 10), "since": ("date", 12), "was": ("text", 10),
    "turn": ("text", 10), "why": ("text", 54), "payment_trend": ("number", 12), "spark_late": ("text", 24), "order_swing": ("number", 11),
    "spark_sales": ("text", 24), "management_changes": ("integer", 14), "average_days_late": ("number", 12), "limit_use": ("rate", 10),
    "exposure": ("amount", 17), "overdue_report": ("amount", 17), "in_alarm": ("integer", 11), "in_watch": ("integer", 11),
    "fresh": ("integer", 10), "judged": ("integer", 11),
}  # fmt: skip
_STYLES: Final[dict[str, Any]] = {"customer_id": "key", "name": "key", "warning": "strong", "exposure": "strong"}
_FOLDED: Final[dict[str, ColumnKind]] = {"late": "number", "sales": "amount"}
_SIGNALS: Final = ("payment_trend", "order_swing", "management_changes", "average_days_late", "limit_use")
_SPARKS: Final = {"spark_late": ("late_12", "late_1"), "spark_sales": ("sales_12", "sales_1")}


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report: folded ones hold what the small charts draw, the last ones belong to the analyst."""
    language = settings.language
    return (
        *(
            Column(
                key, name(key, language), kind, width, _STYLES.get(key, "plain"), wrap=key in ("name", "why"), spark=_SPARKS.get(key)
            )
            for key, (kind, width) in _SHOWN.items()
        ),
        *(
            Column(f"{key}_{back}", name(f"{key}_month", language, month=f"−{back}"), kind, 9, folded=True)
            for key, kind in _FOLDED.items()
            for back in range(MONTHS, 0, -1)
        ),
        Column("owner", name("owner", language), "text", 12, "input"),
        Column("note", name("note", language), "text", 28, "input"),
    )


@report(
    key="watch_list",
    sheet="Watch list",
    label="Watch list",
    label_zh="预警清单",
    help="Who is getting worse: payment cycle, orders, management, and more than 200 indicators with their thresholds.",
    help_zh="谁在恶化：付款周期、订单、管理层变动，以及200多项带阈值的指标。",
    columns=columns,
    order=5,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Measure every customer and say which state it is in, since when, and why; the worst first."""
    language, currency = settings.language, settings.report_currency
    made = measured(book, settings, as_of)
    scene, found = made.scene, made.scene.found
    state = made.state
    since, before = _history(book, found.customers, state, as_of)
    alarm, watch = ((made.level == level).sum(axis=0) for level in (2, 1))
    order = np.lexsort((-found.exposure, -watch, -alarm, -state))
    turned = (before >= 0) & (state >= 0) & (before != state) & (since == np.datetime64(as_of, "D"))
    names = customer_names(book, np.array(found.customers, dtype=object), language)
    cells: dict[str, Any] = {
        "customer_id": np.array(found.customers, dtype=object),
        "name": np.array(names, dtype=object),
        "warning": _words(state, language),
        "since": since,
        "was": np.where(before >= 0, _words(before, language), ""),
        "turn": np.where(turned, np.where(state > before, name("worse", language), name("better", language)), ""),
        "why": np.array([_why(made, row, settings) if state[row] > 0 else "" for row in range(scene.count)], dtype=object),
        **{key: np.round(made.columns[key], 4) for key in _SIGNALS},
        "spark_late": np.full(scene.count, "", dtype=object),
        "spark_sales": np.full(scene.count, "", dtype=object),
        "exposure": found.exposure,
        "overdue_report": found.overdue,
        "in_alarm": alarm,
        "in_watch": watch,
        "fresh": ((made.level == 2) & (made.level_before < 2)).sum(axis=0),
        "judged": made.judged.sum(axis=0),
        **_months(made),
    }
    unseen = int((state < 0).sum())
    return Sheet(
        report="watch_list",
        name="Watch list",
        title=name("watch_title", language),
        subtitle=as_of_words(settings, as_of, scene.count, "unit_customers"),
        columns=columns(settings),
        data={key: _blanks(key, values[order]) for key, values in cells.items()},
        key_columns=("customer_id",),
        facts=[
            *(
                (
                    name(label, language),
                    f"{int((state == level).sum()):,}  ({amount_text(int(found.exposure[state == level].sum()), currency)})",
                )
                for label, level in (("fact_alarm", 2), ("fact_watch", 1))
            ),
            (name("fact_worse", language), f"{int((turned & (state > before)).sum()):,}"),
            (
                name("fact_indicators", language),
                name("fact_computed", language, count=len(made.thresholds), judged=int(made.judged.sum())),
            ),
        ],
        notes=[
            *([name("not_seen", language, count=unseen)] if unseen else []),
            *(finding.message for finding in (*made.problems, *found.exchange.problems)),
        ],
        invariants=[
            Invariant(word("check_ledger", language), code, found.by_currency.get(code, 0), amount)
            for code, amount in sorted(found.ledger.items())
        ],
        blocks=[passed_block(made, names, order, settings), catalogue_block(made, language)] if scene.count else [],
        problems=[*made.problems, *found.exchange.problems],
        codes={"warning": [("green", "watch", "alarm", "no data")[level] for level in state[order].tolist()]},
        states={"was": state_codes(before[order].tolist())},
    )


def _why(made: Measured, row: int, settings: Settings) -> str:
    """Say what raised a customer's state: default before the signals, as no signal can lift it."""
    language = settings.language
    parts = (made.scene.defaults.reason(row, settings), reason_text(made.columns, made.signals, made.height[:, row], row, language))
    return ("；" if language == "zh" else "; ").join(filter(None, parts))


def _words(state: NDArray[np.int64], language: str) -> NDArray[np.object_]:
    words = [name(f"state_{level}", language) for level in (0, 1, 2)] + [name("state_none", language)]
    return np.array(words, dtype=object)[state]


def _blanks(key: str, values: Any) -> Any:
    """Show missing numbers as blank cells."""
    if key == "management_changes":
        return [None if np.isnan(value) else int(value) for value in values]
    return values


def _history(
    book: CreditBook, customers: list[str], state: NDArray[np.int64], as_of: dt.date
) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    """Find since when each customer is in its state and what it was before, from the sheet as it stood."""
    today = np.datetime64(as_of, "D")
    since = np.full(len(customers), today, dtype="datetime64[D]")
    before = np.full(len(customers), -1, dtype=np.int64)
    stood = book.previous.get("watch_list", {})
    names = ("customer_id", "warning", "since", "was")
    if any(key not in stood for key in names):
        return since, before
    place = {key: number for number, key in enumerate(customers)}
    said, was = state_levels(stood, "warning"), state_levels(stood, "was")
    for customer, day, level, earlier in zip(stood["customer_id"], stood["since"], said, was, strict=True):
        row = place.get(str(customer))
        if row is None or not isinstance(day, dt.date):
            continue
        began = np.datetime64(day, "D")
        if began > today:  # the list of a later day knows nothing of this one
            continue
        if level == state[row]:
            since[row], before[row] = began, earlier
        else:  # a second refresh on the day of a turn still holds the state against the one before that day
            before[row] = earlier if began == today else level
    return since, before


def _months(made: Measured) -> dict[str, Numbers]:
    """Return mean days late and sales of the last twelve full months."""
    scene = made.scene
    edges = month_edges(scene.as_of, MONTHS)
    paid, bills = scene.payments, scene.invoices
    number = monthly(paid, edges, paid.number, scene.count)
    days = np.divide(monthly(paid, edges, paid.more["behind"], scene.count), number, out=np.full(number.shape, np.nan), where=number > 0)
    sold = monthly(bills, edges, bills.worth, scene.count) - monthly(scene.credits, edges, scene.credits.worth, scene.count)
    units = np.rint(sold * 100).astype(np.int64) * (MONEY_SCALE // 100)
    return {f"late_{MONTHS - at}": np.round(days[:, at], 1) for at in range(MONTHS)} | {
        f"sales_{MONTHS - at}": units[:, at] for at in range(MONTHS)
    }

