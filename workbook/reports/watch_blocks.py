"""The smaller tables below the watch list: the indicators past their thresholds, and the catalogue of all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.indicators.catalogue import INDICATORS
from workbook.indicators.compute import Measured
from workbook.indicators.scene import Numbers
from workbook.reports.watch_words import name
from workbook.settings import Settings
from workbook.sheet import Block, Column


def passed_block(made: Measured, names: list[str], order: NDArray[np.int64], settings: Settings) -> Block:
    """List the indicators past their thresholds: alarms of the worst customers first, as many as the setting says."""
    language = settings.language
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    which, who = np.nonzero(made.level > 0)
    level = made.level[which, who]
    first = np.lexsort((which, rank[who], -level))[: settings.watch_rows]
    # whatever the customer, an alarm goes before a watch; then in the order of the list above
    which, who, level = which[first], who[first], level[first]
    keys = [one.key for one in INDICATORS]
    values, before = (_picked(columns, keys, which, who) for columns in (made.columns, made.before))
    words = [f"{one.words(language)}: {one.formula(language)}" for one in INDICATORS]
    states = [name(f"state_{number}", language) for number in (0, 1, 2)]
    customers = np.array(made.scene.found.customers, dtype=object)
    limits = np.array([[one.watch, one.alarm] for one in made.thresholds])
    return Block(
        name("passed", language, shown=len(first), all=int((made.level > 0).sum())),
        (
            Column("customer_id", name("customer_id", language), "text", 17, "key"),
            Column("name", name("name", language), "text", 30),
            Column("state", name("warning", language), "text", 10, "strong"),
            Column("value", name("value", language), "number", 12, "strong"),
            Column("month_ago", name("month_ago", language), "number", 10),
            Column("change", name("change", language), "number", 10),
            Column("indicator", name("indicator", language), "text", 54, wrap=True),
            Column("threshold", name("threshold", language), "number", 12),
            Column("key", name("key", language), "text", 18),
            Column("state_ago", name("state_ago", language), "text", 11),
            Column("unit", name("unit", language), "text", 18),
        ),
        {
            "customer_id": customers[who],
            "name": np.array(names, dtype=object)[who],
            "state": np.array(states, dtype=object)[level],
            "value": np.round(values, 4),
            "month_ago": np.round(before, 4),
            "change": np.round(values - before, 4),
            "indicator": [words[number] for number in which.tolist()],
            "threshold": limits[which, level - 1] if len(which) else np.zeros(0),
            "key": [keys[number] for number in which.tolist()],
            "state_ago": [
                "" if np.isnan(value) else states[number]
                for value, number in zip(before, made.level_before[which, who].tolist(), strict=True)
            ],
            "unit": [name(f"unit_{INDICATORS[number].metric.unit}", language) for number in which.tolist()],
        },
    )


def _picked(columns: dict[str, Numbers], keys: list[str], which: NDArray[np.int64], who: NDArray[np.int64]) -> Numbers:
    made = np.full(len(which), np.nan)
    for number in np.unique(which).tolist():
        rows = which == number
        if keys[number] in columns:
            made[rows] = columns[keys[number]][who[rows]]
    return made


def catalogue_block(made: Measured, language: str) -> Block:
    """List every indicator: its formula in words, unit, thresholds, direction and sample, and how many customers passed it."""
    counts = {level: (made.level == level).sum(axis=1) for level in (1, 2)}

    def finite(value: float) -> float | None:
        return value if np.isfinite(value) else None

    data: dict[str, Any] = {  # in the widths of the columns above: keys and formulas stand under names and reasons
        "group": [name(f"group_{one.metric.group}", language) for one in INDICATORS],
        "key": [one.key for one in INDICATORS],
        "unit": [name(f"unit_{one.metric.unit}", language) for one in INDICATORS],
        "watch_from": [finite(signal.watch) for signal in made.thresholds],
        "alarm_from": [finite(signal.alarm) for signal in made.thresholds],
        "least": [signal.minimum_sample for signal in made.thresholds],
        "formula": [f"{one.words(language)}: {one.formula(language)}" for one in INDICATORS],
        "count_alarm": counts[2],
        "bad": [name(f"direction_{one.metric.direction}", language) for one in INDICATORS],
        "count_watch": counts[1],
        "window": [one.window or None for one in INDICATORS],
    }
    kinds: dict[str, Any] = {
        "watch_from": "number", "alarm_from": "number", "least": "number", "count_alarm": "integer", "count_watch": "integer",
        "window": "integer",
    }  # fmt: skip
    return Block(
        name("catalogue", language, count=len(INDICATORS)),
        tuple(
            Column(key, name(key, language), kinds.get(key, "text"), 12, "key" if key == "key" else "plain", wrap=key == "formula")
            for key in data
        ),
        data,
    )
