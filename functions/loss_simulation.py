"""How much a year of defaults may cost: losses drawn customer by customer, with a common good or bad year behind them.

One factor, as in the Basel formula for corporates: in a bad year many default together. The same seed gives the same years.
"""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
#: at most so many draws at a time, so that memory stays small
_AT_A_TIME: Final = 500_000
#: the share of years that are no worse than the "1 in 20" year
ONE_IN_TWENTY: Final = 0.95


def asset_correlation(chances: Numbers) -> Numbers:
    """Return how strongly customers move with the common factor, 12 % to 24 %, by probability of default (Basel framework, CRE31.5)."""
    weight = (1 - np.exp(-50 * chances)) / (1 - np.exp(-50.0))
    made: Numbers = 0.12 * weight + 0.24 * (1 - weight)
    return made


def yearly_losses(chances: Numbers, losses: Numbers, years: int, seed: int) -> Numbers:
    """Draw years of defaults; sum the losses of those who default.

    `chances`: probability of default of n customers; `losses`: n rows, one column for each kind of loss wanted (gross, insured …).
    Answers `years` rows with the same columns.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    common = draw.standard_normal(years)
    made = np.zeros((years, losses.shape[1]))
    at_stake = (chances > 0) & (losses != 0).any(axis=1)
    if not at_stake.any():
        return made
    levels, level_of = np.unique(np.clip(chances[at_stake], 0, 1), return_inverse=True)
    weight = np.sqrt(asset_correlation(levels))
    given = _normal((_quantiles(levels)[None, :] - weight[None, :] * common[:, None]) / np.sqrt(1 - weight**2)[None, :])
    order = np.argsort(level_of, kind="stable")  # customers of one level stand together: one comparison for all of them
    amounts = losses[at_stake][order]
    edges = [0, *np.cumsum(np.bincount(level_of, minlength=len(levels))).tolist()]
    chance = given.astype(np.float32)
    step = max(_AT_A_TIME // len(amounts), 1)
    for start in range(0, years, step):
        end = min(start + step, years)
        drawn = draw.random((end - start, len(amounts)), dtype=np.float32)
        defaults = np.empty(drawn.shape, dtype=np.bool_)
        for number, (first, last) in enumerate(pairwise(edges)):
            np.less(drawn[:, first:last], chance[start:end, number : number + 1], out=defaults[:, first:last])
        year, who = np.divmod(np.flatnonzero(defaults), len(amounts))  # few default in a year: only they are summed
        for column in range(amounts.shape[1]):
            made[start:end, column] = np.bincount(year, weights=amounts[who, column], minlength=end - start)
    return made


def _quantiles(chances: Numbers) -> Numbers:
    """Return where the standard normal distribution reaches each probability above 0; infinite for 1."""
    return np.array([NormalDist().inv_cdf(chance) if chance < 1 else math.inf for chance in chances.tolist()])


def _normal(values: Numbers) -> Numbers:
    """Return the standard normal distribution's probabilities; scipy's would be quicker, but it takes longer to load."""
    below = (values * -math.sqrt(0.5)).ravel()
    return np.fromiter(map(math.erfc, below.tolist()), np.float64, below.size).reshape(values.shape) / 2


def bad_year(losses: Numbers) -> Numbers:
    """Return the 1 in 20 year of each column: the smallest drawn year that 95 % of the years do not exceed."""
    made: Numbers = np.quantile(losses, ONE_IN_TWENTY, axis=0, method="inverted_cdf")
    return made
