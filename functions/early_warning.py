"""Early warning of a customer: green, watch or alarm, from the signals that pass their thresholds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.row_blocks import Columns, plain_name, read_rows
from functions.sheet_rows import number_of
from xladdin.cells import is_blank
from xladdin.errors import CellError, InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
DIRECTIONS: Final = ("up", "down", "both")  # bad when high, when low, when far from 0 either way


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal's thresholds; fewer observations than `minimum_sample` (the column KEY_sample) give no signal."""

    key: str
    words: str
    words_zh: str
    watch: float
    alarm: float
    direction: str = "up"
    minimum_sample: float = 0


#: house rules; the sheet Signals replaces them
SIGNALS: Final = (
    Signal("payment_trend", "days later a month", "付款每月推迟天数", 1.5, 3, minimum_sample=6),
    Signal("order_swing", "order swing", "订单波动", 2.5, 4, "both", 12),
    Signal("management_changes", "management changes", "管理层变动", 1, 2),
    Signal("average_days_late", "days late on average", "平均逾期天数", 30, 60, minimum_sample=6),
    Signal("limit_use", "limit use", "额度使用率", 0.9, 1),
)


def read_signals(rows: Sequence[Sequence[Any]]) -> tuple[Signal, ...]:
    """Read key, watch, alarm, [direction], [minimum sample]; a header and blank rows are skipped. A longer name may begin with a key."""
    known = {signal.key: signal for signal in SIGNALS}
    made: list[Signal] = []
    for number, row in enumerate(rows, start=1):
        cells = [None if is_blank(cell) else cell for cell in [*row[:5], *[None] * 5][:5]]
        if all(cell is None for cell in cells) or (number == 1 and isinstance(cells[1], str)):
            continue
        if not isinstance(cells[0], str):
            raise InvalidValue(f"signals, row {number}: the signal is not named")
        name = plain_name(cells[0])
        base = next((signal for key, signal in known.items() if name.startswith(key)), Signal(name, cells[0], cells[0], 0, 0))
        direction, least = (
            (cells[3], cells[4]) if isinstance(cells[3], str) else (base.direction, cells[3] if cells[4] is None else cells[4])
        )
        if direction not in DIRECTIONS:
            raise InvalidValue(f"signals, row {number}: the direction must be up, down or both; got {direction}")
        numbers = [
            _threshold(number, title, cell) for title, cell in zip(("watch", "alarm", "minimum sample"), (*cells[1:3], least), strict=True)
        ]
        far = -math.inf if direction == "down" else math.inf  # a blank threshold is never passed
        watch, alarm = (far if value is None else value for value in numbers[:2])
        made.append(Signal(base.key, base.words, base.words_zh, watch, alarm, direction, numbers[2] or 0))
    if not made:
        raise InvalidValue("signals must be a range of signal, watch, alarm, direction, minimum sample; it has no rows")
    return tuple(made)


def _threshold(row: int, title: str, cell: Any) -> float | None:
    return None if cell is None else number_of(cell, f"signals, row {row}: {title}")


def levels(
    columns: Mapping[str, Numbers], signals: Sequence[Signal], count: int, digits: int | None = None
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Return the level of each signal (rows) and customer (columns), 0 to 2, and which could be judged.

    `digits`: leave out what binary arithmetic left behind them.
    """
    made = np.zeros((len(signals), count), dtype=np.int8)
    judged = np.zeros((len(signals), count), dtype=np.bool_)
    for index, signal in enumerate(signals):
        values = columns.get(signal.key)
        if values is None:
            continue
        values = values if digits is None else np.round(values, digits)
        sample = columns.get(f"{signal.key}_sample")
        judged[index] = ~np.isnan(values) & (True if sample is None else ~(sample < signal.minimum_sample))
        sign = -1.0 if signal.direction == "down" else 1.0
        height = np.abs(values) if signal.direction == "both" else sign * values
        made[index] = np.where(judged[index], height >= sign * signal.watch, 0)
        made[index] = np.where(judged[index] & (height >= sign * signal.alarm), 2, made[index])
    return made, judged


def _read(
    headers: Sequence[str], values: Sequence[Sequence[Any]], table: Sequence[Sequence[Any]] | None
) -> tuple[Columns, tuple[Signal, ...], Rows, NDArray[np.int8]]:
    signals = SIGNALS if table is None else read_signals(table)
    wanted: dict[str, tuple[str, Any]] = {name: (name, "number") for one in signals for name in (one.key, f"{one.key}_sample")}
    columns, errors = read_rows(headers, values, wanted)
    if not any(signal.key in columns for signal in signals):
        raise InvalidValue(f"headers name no signal; signals are {', '.join(signal.key for signal in signals)}")
    height, judged = levels(columns, signals, len(values))
    made = Rows(height.max(axis=0).astype(np.int64))
    unreadable = np.zeros(len(values), dtype=np.bool_)
    unreadable[list(errors)] = True
    made.fail(unreadable, lambda row: errors[row])
    missing: CellError = NotAvailable("no signal has a value and observations enough")
    return columns, signals, made.fail(~np.asarray(judged.any(axis=0)), missing), height


HEADERS = Arg(
    "headers", "text", "Names of the columns; NAME_sample = observations.", "列名；NAME_sample 为样本数。", shape="range", blank="missing"
)
VALUES = Arg("values", "any", "One row per customer, as wide as the headers.", "每客户一行。", shape="rows")
TABLE = Arg(
    "signals", "any", "Signal, watch, alarm, direction, minimum sample.", "信号、关注、警报、方向、最小样本。", shape="range", default=None
)
SOURCE: Final = "House rule: payment cycle lengthening, order swings, management changes; thresholds of the sheet Signals."
SHOWN: Final = (["payment_trend", "management_changes"], [[3.5, 1]])


@function(
    category="Early warning",
    help_zh="预警状态：0 绿、1 关注、2 警报，取各信号最高者。",
    args=(HEADERS, VALUES, TABLE),
    result="integer",
    source=SOURCE,
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(Example(SHOWN, 2, "Payments 3.5 days later a month.", "付款每月推迟3.5天。"),),
)
def early_warning(headers: Sequence[str], values: Sequence[Sequence[Any]], signals: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Early warning of customers: 0 green, 1 watch, 2 alarm, the highest of their signals.

    `headers`: k names; `values`: n rows of k cells; `signals`: thresholds that replace the default ones, reached = passed. Answers n
    integers. A blank, or too small a sample, gives no signal; NotAvailable for a row without any.
    """
    return _read(headers, values, signals)[2]


@function(
    category="Early warning",
    help_zh="预警原因：触发的信号及数值，最严重者在前。",
    args=(
        HEADERS,
        VALUES,
        TABLE,
        Arg("language", "text", "Language of the answer: en or zh.", "结果语言：en 或 zh。", default="en", choices=("en", "zh")),
    ),
    result="text",
    source=SOURCE,
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example(
            SHOWN, "alarm: days later a month 3.5 (3); watch: management changes 1 (1)", "Threshold in brackets.", "括号内为阈值。"
        ),
    ),
)
def warning_reasons(
    headers: Sequence[str], values: Sequence[Sequence[Any]], signals: Sequence[Sequence[Any]] | None = None, language: str = "en"
) -> Rows:
    """Reasons of an early warning: each signal passed with its value and, in brackets, the threshold; alarms first.

    Arguments as EARLYWARNING; `language`: en or zh. Answers n texts, empty for green.
    """
    columns, table, made, height = _read(headers, values, signals)
    texts = np.full(len(values), "", dtype=object)
    for row in np.flatnonzero(made.values > 0).tolist():
        texts[row] = reason_text(columns, table, height[:, row], row, language)
    return Rows(texts, made.failures)


def reason_text(columns: Mapping[str, Numbers], table: Sequence[Signal], reached: NDArray[np.int8], row: int, language: str) -> str:
    """Write what raised a customer's warning, alarms first: each signal that reached a level, its value, and the threshold in brackets."""
    return "; ".join(
        f"{('关注', '警报')[level - 1] if language == 'zh' else ('watch', 'alarm')[level - 1]}: "
        f"{signal.words_zh if language == 'zh' else signal.words} "
        f"{columns[signal.key][row]:.4g} ({(signal.watch, signal.alarm)[level - 1]:g})"
        for level in (2, 1)
        for signal, mine in zip(table, reached.tolist(), strict=True)
        if mine == level
    )
