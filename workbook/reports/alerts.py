"""Alerts: one row for each time a signal of a customer, or its being in default, changed; the list is kept from refresh to refresh.

A row is written when the state differs from the last row of the same customer and signal, so that refreshing every day says nothing
twice. A signal that can no longer be judged keeps its last state. A refresh for a day before the newest row adds nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

import numpy as np

from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.indicators.catalogue import BY_KEY
from workbook.indicators.compute import ALARM, Measured, measured
from workbook.reports.common import as_of_words, customer_names
from workbook.reports.watch_words import name, state_codes, state_levels
from workbook.settings import Settings
from workbook.sheet import Column, ColumnKind, Sheet
from xladdin.registry import report

_SHOWN: Final[dict[str, tuple[ColumnKind, int]]] = {
    "raised_on": ("date", 12), "customer_id": ("text", 12), "name": ("text", 30), "warning": ("text", 10), "was": ("text", 10),
    "signal": ("text", 34), "value": ("number", 12), "threshold": ("number", 12), "key": ("text", 24), "sent_on": ("date", 12),
}  # fmt: skip
#: stands in the place of a signal's key where a customer turns into default, or out of it
DEFAULT: Final = "in_default"
_STYLES: Final[dict[str, Any]] = {"raised_on": "key", "customer_id": "key", "name": "key", "warning": "strong"}


class Alert(NamedTuple):
    """One change of state; `was` is -1 where nothing was known before."""

    raised_on: dt.date
    customer: str
    key: str
    state: int
    was: int
    value: float | None
    threshold: float | None
    sent_on: dt.date | None = None
    name: str = ""


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the report; the last ones belong to the analyst."""
    language = settings.language
    return (
        *(
            Column(key, name(key, language), kind, width, _STYLES.get(key, "plain"), wrap=key in ("name", "signal"))
            for key, (kind, width) in _SHOWN.items()
        ),
        Column("owner", name("owner", language), "text", 12, "input"),
        Column("note", name("note", language), "text", 28, "input"),
    )


@report(
    key="alerts",
    sheet="Alerts",
    label="Alerts",
    label_zh="预警记录",
    help="Each change of a signal's state, once: raised, worse, better, over. xladdin alerts sends the new ones.",
    help_zh="信号状态每次变化记录一次：触发、恶化、好转、解除；xladdin alerts 可推送新记录。",
    columns=columns,
    order=17,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Keep the list as it stands and add what changed; the newest first."""
    language = settings.language
    made = measured(book, settings, as_of)
    known = alerts_of(book.previous.get("alerts", {}))
    ahead = any(alert.raised_on > as_of for alert in known)
    size = len(book.previous.get("alerts", {}).get("raised_on", []))
    blank = sum(all(values[row] in (None, "") for values in book.previous["alerts"].values()) for row in range(size)) if size else 0
    lost = size - blank - len(known)
    problems = [Finding("alerts", 0, "state", name("unread", language, count=lost), "", "warning")] if lost else []
    added = [] if ahead else new_alerts(made, known, settings, as_of)
    alerts = sorted([*added, *known], key=lambda one: (-one.raised_on.toordinal(), -one.state, one.customer, one.key))
    customers = made.scene.found.customers
    names = dict(zip(customers, customer_names(book, np.array(customers, dtype=object), language), strict=True))
    states = [name(f"state_{level}", language) for level in (0, 1, 2)]
    data: dict[str, list[Any]] = {
        "raised_on": [one.raised_on for one in alerts],
        "customer_id": [one.customer for one in alerts],
        "name": [names.get(one.customer) or one.name for one in alerts],
        "warning": [states[one.state] for one in alerts],
        "was": [states[one.was] if one.was >= 0 else "" for one in alerts],
        "signal": [_words(one.key, language) for one in alerts],
        "value": [one.value for one in alerts],
        "threshold": [one.threshold for one in alerts],
        "key": [one.key for one in alerts],
        "sent_on": [one.sent_on for one in alerts],
    }
    fresh = [one for one in alerts if one.raised_on == as_of]
    return Sheet(
        report="alerts",
        name="Alerts",
        title=name("alerts_title", language),
        subtitle=as_of_words(settings, as_of, len(alerts), "unit_alerts"),
        columns=columns(settings),
        data=data,
        key_columns=("raised_on", "customer_id", "key", "warning"),
        states={"warning": state_codes(one.state for one in alerts), "was": state_codes(one.was for one in alerts)},
        facts=[
            (name("fact_new", language), f"{len(fresh):,}"),
            (name("fact_alarm", language), f"{sum(one.state == 2 for one in fresh):,}"),
            (name("fact_unsent", language), f"{sum(one.sent_on is None for one in alerts):,}"),
        ],
        notes=[*([name("ahead", language)] if ahead else []), *(finding.message for finding in problems)],
        problems=problems,
    )


def alerts_of(stood: dict[str, list[Any]]) -> list[Alert]:
    """Read the list as it stands on the sheet; a row without day, customer, signal or state is not one of ours."""
    keys = ("raised_on", "customer_id", "key", "value", "threshold", "sent_on", "name")
    size = len(stood.get("raised_on", []))
    made = []
    levels, before = (state_levels(stood, one) if one in stood else [-1] * size for one in ("warning", "was"))
    for level, was, day, customer, key, value, threshold, sent, person in zip(
        levels, before, *(stood.get(one, [None] * size) for one in keys), strict=True
    ):
        if isinstance(day, dt.date) and customer and key and level >= 0:
            made.append(
                Alert(
                    day, str(customer), str(key), level, was, _number(value), _number(threshold),
                    sent if isinstance(sent, dt.date) else None, str(person or ""),
                )
            )  # fmt: skip
    return made


def new_alerts(made: Measured, known: list[Alert], settings: Settings, as_of: dt.date) -> list[Alert]:
    """Return a row for each customer and signal whose state is not that of its last row; green needs no row where none was before."""
    last: dict[tuple[str, str], Alert] = {}
    for alert in sorted(known, key=lambda one: one.raised_on):
        last[alert.customer, alert.key] = alert
    # several rows of one day: the list is newest first within a day as well, so the first of them stands
    for alert in reversed(known):
        if last[alert.customer, alert.key].raised_on == alert.raised_on:
            last[alert.customer, alert.key] = alert
    failed = made.scene.defaults.failed
    height = np.vstack([made.height, np.where(failed, ALARM, 0)[None, :]])  # default is judged by a rule of its own: the last row
    known_here = np.vstack([made.known, np.ones((1, len(failed)), dtype=np.bool_)])
    stood = np.zeros(height.shape, dtype=np.int64)
    place = {customer: number for number, customer in enumerate(made.scene.found.customers)}
    rows = {key: number for number, key in enumerate([*(signal.key for signal in made.signals), DEFAULT])}
    seen = np.zeros(height.shape, dtype=np.bool_)
    for (customer, key), alert in last.items():
        if customer in place and key in rows:
            stood[rows[key], place[customer]] = alert.state
            seen[rows[key], place[customer]] = True
    changed = known_here & (height != stood)
    added = []
    for row, column in zip(*np.nonzero(changed), strict=True):
        state, customer = int(height[row, column]), made.scene.found.customers[column]
        was = int(stood[row, column]) if seen[row, column] else -1
        if row == rows[DEFAULT]:
            added.append(Alert(as_of, customer, DEFAULT, state, was, *_days_of(made, int(column), settings)))
            continue
        signal = made.signals[row]
        threshold = (signal.watch, signal.watch, signal.alarm)[state]
        value = round(float(made.columns[signal.key][column]), 4)
        added.append(Alert(as_of, customer, signal.key, state, was, value, threshold))
    return added


def _days_of(made: Measured, column: int, settings: Settings) -> tuple[float | None, float | None]:
    """Return the days past due that make a default and their limit; nothing where a status makes it, or it is over."""
    defaults = made.scene.defaults
    return (float(defaults.days[column]), float(settings.default_days)) if defaults.by_days[column] else (None, None)


def _words(key: str, language: str) -> str:
    if key == DEFAULT:
        return name("signal_default", language)
    return BY_KEY[key].words(language) if key in BY_KEY else key


def unsent(stood: dict[str, list[Any]]) -> tuple[list[Alert], list[int]]:
    """Return the rows that were not sent yet, and their places in the table (0 for the first)."""
    made, places = [], []
    size = len(stood.get("raised_on", []))
    for row in range(size):
        found = alerts_of({key: [values[row]] for key, values in stood.items() if len(values) == size})
        if found and found[0].sent_on is None:
            made.append(found[0])
            places.append(row)
    return made, places


def _number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None


def told(alert: Alert, language: str) -> dict[str, Any]:
    """Write an alert for a program, with its words."""
    words = _words(alert.key, language)
    return {
        "raised_on": alert.raised_on.isoformat(),
        "customer": alert.customer,
        "name": alert.name,
        "signal": alert.key,
        "words": words,
        "state": ("green", "watch", "alarm")[alert.state],
        "was": ("green", "watch", "alarm")[alert.was] if alert.was >= 0 else None,
        "value": alert.value,
        "threshold": alert.threshold,
        "line": name(
            "line", language, state=name(f"state_{alert.state}", language), customer=alert.customer, person=alert.name, words=words,
            value="–" if alert.value is None else f"{alert.value:.4g}", day=alert.raised_on,
            was=name(f"state_{alert.was}", language) if alert.was >= 0 else "–",
            threshold="–" if alert.threshold is None else f"{alert.threshold:g}",
        ),
    }  # fmt: skip
