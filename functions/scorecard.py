"""A scorecard: factors, each with bands of values and their points; the points of all factors add up to the score.

A band holds `from` <= value < `to`; a band whose ends are equal holds that one value. A missing value has points of its own.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions.credit_file import NAMES
from functions.row_blocks import plain_name
from functions.sheet_rows import number_of
from xladdin.errors import InvalidValue

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """Points for `low` <= value < `high`; the note is said in the reason, such as "not verified" or "distress"."""

    low: float
    high: float
    points: float
    note: str = ""
    note_zh: str = ""


@dataclass(frozen=True)
class Factor:
    """One question of a scorecard. `say` and `say_zh` hold {value} and {note}; `source` says where the edges come from."""

    key: str
    title: str
    title_zh: str
    bands: tuple[Band, ...]
    missing: float
    say: str
    say_zh: str
    source: str

    @cached_property
    def best(self) -> float:
        """The most points the factor gives."""
        return max(self.missing, *(band.points for band in self.bands))

    @cached_property
    def _lows(self) -> list[float]:
        return [band.low for band in self.bands]

    def band_index(self, values: Numbers) -> NDArray[np.int64]:
        """Return the number of the band each value is in; -1 for a value in no band and for a missing one."""
        highs = np.array([math.nextafter(band.low, math.inf) if band.high == band.low else band.high for band in self.bands])
        at = np.searchsorted(self._lows, values, side="right") - 1
        inside = (at >= 0) & ((values < highs[at]) | np.isposinf(highs[at])) & ~np.isnan(values)
        return np.where(inside, at, -1)

    def points(self, values: Numbers) -> Numbers:
        """Points of each value: those of its band, the missing points for NaN, NaN for a value in no band."""
        at = self.band_index(values)
        made = np.array([*(band.points for band in self.bands), np.nan])[at]
        return np.where(np.isnan(values), self.missing, made)

    def words(self, value: float, language: str = "en") -> str:
        """Say of a value in a band, or a missing one, such as "current ratio 0.85" or "register entry not verified"."""
        if math.isnan(value):
            return f"{self.title_zh}未知" if language == "zh" else f"{self.title} not known"
        band = self.bands[bisect_right(self._lows, value) - 1]
        if math.isinf(value):
            return f"{self.title_zh}无限" if language == "zh" else f"{self.title} without limit"
        value += 0.0  # no negative zero
        return self.say_zh.format(value=value, note=band.note_zh) if language == "zh" else self.say.format(value=value, note=band.note)


@dataclass(frozen=True)
class Scorecard:
    """The factors of a score."""

    factors: tuple[Factor, ...]

    @cached_property
    def best(self) -> float:
        """The sum of the best points; 100 in a scorecard made for scores of 0 to 100."""
        return sum(factor.best for factor in self.factors)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the factors."""
        return tuple(factor.key for factor in self.factors)


def read_scorecard(rows: Sequence[Sequence[Any]], known: Scorecard) -> Scorecard:
    """Read a scorecard range: factor, from, to, points; a header row and blank rows are skipped.

    Blank `from` or `to`: no bound. Both blank: the points of a missing value; without such a row they are halfway between the
    factor's fewest and most. A factor of `known` keeps its words; any other name stands for the column of that name.
    Raises InvalidValue naming the row, or the factor whose bands overlap.
    """
    bands: dict[str, list[Band]] = {}
    missing: dict[str, float] = {}
    names: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        cells = [*row[:4], *[None] * (4 - len(row))]
        if all(cell is None or cell == "" for cell in cells):
            continue
        if number == 1 and isinstance(cells[3], str):
            continue
        if not isinstance(cells[0], str) or not cells[0].strip():
            raise InvalidValue(f"scorecard, row {number}: the factor is not named")
        plain = plain_name(cells[0])
        key = NAMES[plain][0] if plain in NAMES else plain
        names.setdefault(key, cells[0].strip())
        low, high, points = (_cell(number, name, cell) for name, cell in zip(("from", "to", "points"), cells[1:], strict=True))
        if points is None:
            raise InvalidValue(f"scorecard, row {number}: points are missing")
        if low is None and high is None:
            missing[key] = points
            bands.setdefault(key, [])
            continue
        low, high = -math.inf if low is None else low, math.inf if high is None else high
        if high < low:
            raise InvalidValue(f"scorecard, row {number}: from {low:g} is above to {high:g}")
        bands.setdefault(key, []).append(Band(low, high, points))
    if not bands:
        raise InvalidValue("scorecard must be a range of factor, from, to, points; it has no rows")
    return Scorecard(tuple(_factor(key, names[key], made, missing.get(key), known) for key, made in bands.items()))


def _factor(key: str, name: str, bands: list[Band], missing: float | None, known: Scorecard) -> Factor:
    if not bands:
        raise InvalidValue(f"scorecard: {name} has no band, only points for a missing value")
    bands.sort(key=lambda band: (band.low, band.high))
    for one, other in pairwise(bands):
        if other.low < one.high or other.low == one.low:
            raise InvalidValue(f"scorecard: two bands of {name} hold the value {other.low:g}")
    points = [band.points for band in bands]
    halfway = (min(points) + max(points)) / 2 if missing is None else missing
    for factor in known.factors:
        if factor.key == key:
            noted = tuple(_noted(band, factor) for band in bands)
            return Factor(key, factor.title, factor.title_zh, noted, halfway, factor.say, factor.say_zh, "your scorecard")
    return Factor(key, name, name, tuple(bands), halfway, name + " {value:g}", name + "{value:g}", "your scorecard")


def _noted(band: Band, factor: Factor) -> Band:
    """Give a band of the user's the note of the known band that its first value is in."""
    at = int(factor.band_index(np.array([band.low]))[0])
    note = factor.bands[at]
    return Band(band.low, band.high, band.points, note.note, note.note_zh)


def _cell(number: int, name: str, cell: Any) -> float | None:
    if cell is None or cell == "":
        return None
    return number_of(cell, f"scorecard, row {number}: {name}")
