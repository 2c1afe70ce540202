"""How well a score tells good customers from bad ones: points of odds, weight of evidence, information value, PSI, KS, Gini.

Odds are good : bad and more points are safer, so a weight of evidence above 0 means fewer bad ones than on the whole.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.counted import counted
from xladdin.errors import DivisionByZero, InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, function

Numbers = NDArray[np.float64]
CATEGORY: Final = "Scoring"
SIDDIQI: Final = "Siddiqi, Credit Risk Scorecards (2006), ch. 6; odds good : bad."

GOOD = Arg("good", "number", "Good customers of each band.", "各分箱好客户数。", shape="range", minimum=0)
BAD = Arg("bad", "number", "Bad customers of each band.", "各分箱坏客户数。", shape="range", minimum=0)
SMOOTHING = Arg("smoothing", "number", "Added to every count; 0.5 helps an empty band.", "每格加数；空箱可用0.5。", default=0.0, minimum=0)
SCORE = Arg("score", "number", "Scores; more is safer.", "评分，越高越安全。", shape="range", blank="missing")
DEFAULTED = Arg(
    "defaulted", "number", "1 for each bad customer, 0 for a good one.", "坏客户为1，好客户为0。", shape="range", blank="missing"
)


def band_shares(one: Numbers, other: Numbers, names: tuple[str, str], smoothing: float = 0.0) -> tuple[Numbers, Numbers]:
    """Turn two columns of counts into shares of their sums. Raises CellErrors for unlike lengths and for bands without a count."""
    if len(one) != len(other):
        raise InvalidValue(f"{names[0]} has {counted(len(one), 'cell')}, {names[1]} has {len(other)}; they must be alike")
    made = []
    for counts, name in zip((one + smoothing, other + smoothing), names, strict=True):
        if not counts.sum() > 0:
            raise DivisionByZero(f"{name} sums to 0")
        empty = np.flatnonzero(counts == 0)
        if len(empty):
            raise DivisionByZero(f"band {empty[0] + 1} has no {name}; join it with its neighbour or give a smoothing such as 0.5")
        made.append(counts / counts.sum())
    return made[0], made[1]


@function(
    category=CATEGORY,
    help_zh="按赔率刻度换算评分：基准赔率对应基准分，赔率翻倍加 PDO 分。",
    args=(
        Arg("odds0", "number", "Odds good : bad at the base points.", "基准好坏比。"),
        Arg("points0", "number", "Points at those odds.", "基准分。"),
        Arg("pdo", "number", "Points that double the odds.", "赔率翻倍所加分数。"),
        Arg("odds", "number", "Odds good : bad to be turned into points.", "待换算的好坏比。", shape="column"),
    ),
    result="number",
    source=SIDDIQI,
    errors=(OutOfRange,),
    examples=(Example((1, 100, 20, 4), 140, "Twice doubled from 100 points.", "由100分翻倍两次。"),),
)
def scorecard_points(odds0: float, points0: float, pdo: float, odds: Numbers) -> Numbers:
    """Points of odds: the base points, plus pdo for every doubling of the odds good : bad.

    `odds0`: odds above 0; `points0`, `pdo`: points; `odds`: n odds above 0. Answers n points. OutOfRange for odds of 0 or less.
    """
    wrong = odds[odds <= 0]
    if odds0 <= 0 or len(wrong):
        raise OutOfRange(f"odds must be above 0; got {odds0 if odds0 <= 0 else wrong[0]:g}")
    return np.asarray(points0 + pdo * np.log2(odds / odds0))


@function(
    category=CATEGORY,
    help_zh="各分箱的证据权重 WOE：好客户占比与坏客户占比之比的自然对数。",
    args=(GOOD, BAD, SMOOTHING),
    result="array",
    source=SIDDIQI,
    errors=(InvalidValue, DivisionByZero),
    examples=(
        Example(([[20], [80]], [[30], [70]]), [[-0.4054651081], [0.1335313926]], "Two bands: ln(0.2/0.3), ln(0.8/0.7).", "两个分箱。"),
    ),
)
def woe(good: Numbers, bad: Numbers, smoothing: float = 0.0) -> list[list[float]]:
    """Weight of evidence of each band: ln of its share of the good over its share of the bad.

    `good`, `bad`: counts of k bands; `smoothing`: added to every count. Answers k rows. DivisionByZero naming a band without good or bad.
    """
    goods, bads = band_shares(good, bad, ("good", "bad"), smoothing)
    return [[value] for value in np.log(goods / bads).tolist()]


@function(
    category=CATEGORY,
    help_zh="信息价值 IV：各分箱占比差乘 WOE 之和。",
    args=(GOOD, BAD, SMOOTHING),
    result="number",
    source="Siddiqi (2006), ch. 6: below 0.02 useless, 0.02-0.1 weak, 0.1-0.3 medium, above 0.3 strong.",
    errors=(InvalidValue, DivisionByZero),
    examples=(Example(([[20], [80]], [[30], [70]]), 0.0538996501, "A weak factor.", "弱因素。"),),
)
def iv(good: Numbers, bad: Numbers, smoothing: float = 0.0) -> float:
    """Information value of a factor: sum over its bands of (share of good - share of bad) x weight of evidence.

    Arguments and errors as WOE. Answers one number, 0 or more.
    """
    goods, bads = band_shares(good, bad, ("good", "bad"), smoothing)
    return float(((goods - bads) * np.log(goods / bads)).sum())


@function(
    category=CATEGORY,
    help_zh="群体稳定性指标 PSI：现状与基准分布的差异。",
    args=(
        Arg("expected", "number", "Counts or shares of each band then.", "基准各分箱数量或占比。", shape="range", minimum=0),
        Arg("actual", "number", "Counts or shares of each band now.", "当前各分箱数量或占比。", shape="range", minimum=0),
        SMOOTHING,
    ),
    result="number",
    source="Siddiqi (2006), ch. 9: below 0.1 stable, 0.1-0.25 watch, above 0.25 shifted.",
    errors=(InvalidValue, DivisionByZero),
    examples=(Example(([[50], [50]], [[60], [40]]), 0.0405465108, "Hardly shifted.", "基本稳定。"),),
)
def psi(expected: Numbers, actual: Numbers, smoothing: float = 0.0) -> float:
    """Stability index of a population (PSI): sum over the bands of (share now - share then) x ln(share now / share then).

    `expected`, `actual`: counts or shares of k bands; `smoothing`: added to each. Answers one number, 0 or more. DivisionByZero naming
    a band without any.
    """
    then, now = band_shares(expected, actual, ("expected", "actual"), smoothing)
    return float(((now - then) * np.log(now / then)).sum())


def _told_apart(score: Numbers, defaulted: Numbers) -> tuple[Numbers, Numbers]:
    """Return the cumulated shares of bad and of good from the lowest score up, one step a distinct score, starting at 0."""
    if len(score) != len(defaulted):
        raise InvalidValue(f"score has {counted(len(score), 'cell')}, defaulted has {len(defaulted)}; they must be alike")
    known = ~(np.isnan(score) | np.isnan(defaulted))
    points, bad = score[known], defaulted[known]
    if not np.isin(bad, (0.0, 1.0)).all():
        raise OutOfRange("defaulted must be 1 or 0")
    if not (0 < bad.sum() < len(bad)):
        raise NotAvailable("defaulted must hold both good and bad customers")
    order = np.argsort(points, kind="stable")
    last = np.flatnonzero(np.append(np.diff(points[order]) != 0, [True]))  # ties are one step
    bads = np.concatenate(([0.0], np.cumsum(bad[order])[last]))
    goods = np.concatenate(([0.0], np.cumsum(1 - bad[order])[last]))
    return bads / bads[-1], goods / goods[-1]


@function(
    category=CATEGORY,
    help_zh="KS：坏、好客户累计占比的最大差，0 至 1。",
    args=(SCORE, DEFAULTED),
    result="number",
    source="Kolmogorov-Smirnov distance of the scores of good and bad customers.",
    errors=(InvalidValue, OutOfRange, NotAvailable),
    examples=(Example(([[20], [40], [60], [80]], [[1], [0], [1], [0]]), 0.5, "Half apart.", "区分一半。"),),
)
def ks(score: Numbers, defaulted: Numbers) -> float:
    """Kolmogorov-Smirnov distance: the largest gap between the cumulated shares of bad and good customers along the score.

    `score`: n numbers; `defaulted`: n of 1 or 0; a pair with a blank does not count. Answers 0 to 1. NotAvailable without both kinds.
    """
    bads, goods = _told_apart(score, defaulted)
    return float(np.abs(bads - goods).max())


@function(
    category=CATEGORY,
    help_zh="基尼系数：2×AUC−1，完全区分为1，随机为0。",
    args=(SCORE, DEFAULTED),
    result="number",
    source="Gini coefficient (accuracy ratio) = 2 x area under the ROC curve - 1; ties count half.",
    errors=(InvalidValue, OutOfRange, NotAvailable),
    examples=(Example(([[20], [40], [60], [80]], [[1], [0], [1], [0]]), 0.5, "Three of four pairs in order.", "四对中三对有序。"),),
)
def gini(score: Numbers, defaulted: Numbers) -> float:
    """Gini coefficient of a score: 1 when every bad customer scores below every good one, 0 by chance, negative when upside down.

    Arguments and errors as KS. Answers -1 to 1.
    """
    bads, goods = _told_apart(score, defaulted)
    area = float((np.diff(goods) * (bads[1:] + bads[:-1]) / 2).sum())
    return 2 * area - 1
