"""All indicators of all customers in one pass: values today, a month ago, and the level each has reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.early_warning import SIGNALS, Signal, levels, read_signals
from functions.row_blocks import plain_name
from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.indicators import conduct, standing
from workbook.indicators.catalogue import BY_KEY, INDICATORS
from workbook.indicators.scene import Numbers, Scene, ratio, scene_of
from workbook.questions.spans import BACK, WINDOWS
from workbook.settings import Settings
from xladdin.errors import CellError

_DIGITS: Final = 9
ALARM: Final = 2


@dataclass(frozen=True, slots=True)
class Measured:
    """Indicators (rows) of customers (columns): values, values a month ago (NaN where not known), level 0 to 2, whether judged."""

    scene: Scene
    columns: dict[str, Numbers]  # with the samples
    before: dict[str, Numbers]
    thresholds: tuple[Signal, ...]  # one per indicator
    level: NDArray[np.int8]
    judged: NDArray[np.bool_]
    level_before: NDArray[np.int8]
    signals: tuple[Signal, ...]  # those that make a customer's state
    height: NDArray[np.int8]  # level of each of them
    known: NDArray[np.bool_]  # and whether it could be judged
    problems: list[Finding]

    @property
    def state(self) -> NDArray[np.int64]:
        """Each customer's state: 0 green, 1 watch, 2 alarm, -1 without data; who is in default is in alarm, whatever the signals say."""
        if not self.height.size:
            return np.zeros(self.scene.count, dtype=np.int64)
        by_signals = np.where(self.known.any(axis=0), self.height.max(axis=0).astype(np.int64), -1)
        return np.where(self.scene.defaults.failed, ALARM, by_signals)


_last: list[object] = []  # the newest answer: the watch list, the alerts and the dashboard ask for the same


def measured(book: CreditBook, settings: Settings, as_of: dt.date) -> Measured:
    """Return every indicator of every customer; the newest answer is kept."""
    if not (_last and _last[0] is book.tables and _last[1:3] == [settings, as_of]):
        _last[:] = [book.tables, settings, as_of, measure(book, settings, as_of)]
    made = _last[3]
    assert isinstance(made, Measured)  # noqa: S101 - put there above
    return made


def measure(book: CreditBook, settings: Settings, as_of: dt.date) -> Measured:
    """Work out every indicator of every customer; the sheet Signals changes thresholds and says which make the state."""
    scene = scene_of(book, settings, as_of)
    signals, problems = read_thresholds(book)
    own = {signal.key: signal for signal in signals}
    thresholds = tuple(own.get(one.key, one.signal) for one in INDICATORS)
    columns = at(scene, scene.as_of)
    columns |= standing.today(scene, columns)
    before = at(scene, scene.as_of - np.timedelta64(BACK, "D"))
    # terms of 90 days throughout reach 90 days, though their mean be 89.99999999999999
    level, judged = levels(columns, thresholds, scene.count, _DIGITS)
    level_before, _ = levels(before, thresholds, scene.count, _DIGITS)
    height, known = levels(columns, signals, scene.count, _DIGITS)
    return Measured(scene, columns, before, thresholds, level, judged, level_before, signals, height, known, problems)


def at(scene: Scene, day: np.datetime64) -> dict[str, Numbers]:
    """Work out what follows from the ledger, the orders and the promises as they stood on a day."""
    made = {
        **conduct.payments(scene, day),
        **conduct.sales(scene, day),
        **conduct.orders(scene, day),
        **conduct.disputes(scene, day),
        **conduct.promises(scene, day),
        **standing.balances(scene, day),
    }
    owed, items = made["_owed"], made["open_items"]
    paid = conduct.since_payment(scene, day)
    made["days_since_payment"] = np.where(made["overdue_items"] > 0, paid, np.nan)
    made["days_since_invoice"] = np.where(items > 0, made["_seen_invoice"], np.nan)
    made["disputed_balance_share"] = np.minimum(ratio(made["_disputed"], owed), 1.0)
    made["promised_share"] = np.minimum(ratio(made["_promised"], owed), 1.0)
    for window in WINDOWS:
        made[f"promises_late_amount_{window}"] = ratio(made[f"_broken_{window}"], owed)
        made[f"promises_late_amount_{window}_sample"] = made[f"promises_broken_share_{window}_sample"]
    return made


def read_thresholds(book: CreditBook) -> tuple[tuple[Signal, ...], list[Finding]]:
    """Read the sheet Signals: its rows are the signals that make a customer's state; where there are none, the default ones."""
    table = book.tables["signals"]
    made: dict[str, Signal] = {}
    problems: list[Finding] = []
    names = ("row", "signal", "watch", "alarm", "minimum_sample")
    for row, name, watch, alarm, least in zip(*(table[key].to_pylist() for key in names), strict=True):
        if not name:
            continue
        key = key_of(str(name))
        if key is None:
            text = f"there is no signal or indicator {name}; the catalogue below the Watch list names them all"
            problems.append(Finding("signals", row, "signal", text, str(name), "warning"))
            continue
        base = BY_KEY[key].signal
        try:
            (read,) = read_signals([[key, watch, alarm, base.direction, base.minimum_sample if least is None else least]])
        except CellError as error:
            problems.append(Finding("signals", row, "watch", str(error), "", "error"))
            continue
        made[key] = Signal(key, base.words, base.words_zh, read.watch, read.alarm, base.direction, read.minimum_sample)
    return tuple(made.values()) or SIGNALS, problems


def key_of(name: str) -> str | None:
    """Find the indicator that a row of the sheet Signals means: by key, or by a longer name that begins with one."""
    plain = plain_name(name)
    if plain in BY_KEY:
        return plain
    begun: Sequence[str] = [key for key in BY_KEY if plain.startswith(f"{key}_")]
    return max(begun, key=len) if begun else None
