"""The score of a customer, 0 to 100, and the reasons that cost most points.

The score is the sum of a scorecard's points, kept within 0 and 100, under two house rules that no scorecard can lift:

* a new customer (trade of at most six months, or none yet) without all three verifications scores 59 at most;
* an established customer whose file was not reviewed for more than three months loses 5 points.

Partial data are not scaled up: a factor nobody gave counts its own *missing* points (half its best in the default scorecard), so
a set of company ratios alone is ranked by its ratios in the middle of the scale, and neither end can be reached without knowing
how the customer pays. `Scored.known` says what share of the points rests on data.

Whether a customer is new is told by `new_customer`, `months_of_trade`, or `first_trade` with the as-of date. Without any of them a
customer is taken as new when columns for all three verifications are given; a bare set of ratios is not capped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.credit_file import VERIFICATIONS, complete
from functions.dates import add_months
from functions.default_scorecard import DEFAULT_SCORECARD
from functions.reviews import ESTABLISHED_MONTHS, REVIEW_MONTHS, is_established
from functions.scorecard import Scorecard
from xladdin.errors import CellError, InvalidValue, OutOfRange

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
CAP: Final = 59.0
STALE_POINTS: Final = 5.0
VERIFICATION_NAMES: Final = {"en": ("register", "statements", "reputation"), "zh": ("工商登记", "财务报表", "商业口碑")}


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scorecard says of n customers; matrices hold one row per factor of the scorecard."""

    scorecard: Scorecard
    score: Numbers  # n, 0 to 100
    values: Numbers  # factors x n, NaN = missing
    points: Numbers  # factors x n, NaN = a value in no band
    capped: Flags  # n: new customers without all three verifications
    stale: Flags  # n: established customers whose file is older than a quarter
    unverified: Flags  # 3 x n, in the order of VERIFICATIONS
    known: Numbers  # n: share of the scorecard's points that rests on data, 0 to 1


def score_columns(
    columns: Mapping[str, np.ndarray], scorecard: Scorecard = DEFAULT_SCORECARD, as_of: np.datetime64 | None = None
) -> Scored:
    """Score n customers given as columns by key (see credit_file.FIELDS): float64, datetime64[D], or bool for flags.

    `as_of` stands in for a column of that name. Raises InvalidValue when no column is known to the scorecard.
    """
    given = {key: _as_flag(column) if key in _FLAGS else column for key, column in columns.items()}
    count = len(next(iter(given.values()))) if given else 0
    if as_of is not None and "as_of" not in given:
        given["as_of"] = np.full(count, as_of, dtype="datetime64[D]")
    known = complete(given)
    if not any(key in known for key in scorecard.keys):
        raise InvalidValue(f"headers name no factor of the scorecard; it has {', '.join(scorecard.keys)}")
    nothing = np.full(count, np.nan)
    values = np.vstack([known.get(key, nothing).astype(np.float64, copy=False) for key in scorecard.keys])
    points = np.vstack([factor.points(row) for factor, row in zip(scorecard.factors, values, strict=True)])
    best = np.array([factor.best for factor in scorecard.factors])
    unverified = np.vstack([~(known[key] >= 1) if key in known else np.ones(count, dtype=np.bool_) for key in VERIFICATIONS])
    new, established = _age(known, count)
    capped = new & unverified.any(axis=0)
    stale = established & _not_reviewed(known, count)
    score = np.clip(points.sum(axis=0), 0, 100)
    score = np.where(capped, np.minimum(score, CAP), score)
    score = np.maximum(np.where(stale, score - STALE_POINTS, score), 0)
    share = best @ ~np.isnan(values) / max(best.sum(), np.finfo(float).tiny)
    return Scored(scorecard, score, values, points, capped, stale, unverified, share)


_FLAGS: Final = (*VERIFICATIONS, "new_customer")


def _as_flag(column: np.ndarray) -> Numbers:
    """Read a verification: a flag or the day it was made; a blank in a column that is there means it was not."""
    yes = ~np.isnat(column) if column.dtype.kind == "M" else column
    flags: Numbers = np.nan_to_num(yes.astype(np.float64), nan=0.0)
    return flags


def _age(known: Mapping[str, np.ndarray], count: int) -> tuple[Flags, Flags]:
    """Tell who is new and who is established; somebody may be neither when nothing tells."""
    new, established = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    told = np.zeros(count, dtype=np.bool_)
    if "months_of_trade" in known:
        months = known["months_of_trade"]
        told = ~np.isnan(months)
        established = months > ESTABLISHED_MONTHS
        new = told & ~established
    if "first_trade" in known:
        first, open_ = known["first_trade"], ~told
        none_yet = np.isnat(first)
        if "as_of" in known:
            old = is_established(first, known["as_of"])
            established |= open_ & old
            new |= open_ & ~old
            told[:] = True
        else:
            new |= open_ & none_yet
            told |= none_yet
    if all(key in known for key in VERIFICATIONS):
        new |= ~told
    if "new_customer" in known:
        new = known["new_customer"] >= 1
        established &= ~new
    return new, established


def _not_reviewed(known: Mapping[str, np.ndarray], count: int) -> Flags:
    late = np.zeros(count, dtype=np.bool_)
    told = np.zeros(count, dtype=np.bool_)
    if "months_since_review" in known:
        told = ~np.isnan(known["months_since_review"])
        late = known["months_since_review"] > REVIEW_MONTHS
    if "last_review" in known and "as_of" in known:
        reviewed = known["last_review"]
        overdue = np.isnat(reviewed) | (add_months(reviewed, REVIEW_MONTHS) < known["as_of"])
        late = np.where(told, late, overdue)
    return late


def rule_words(scored: Scored, row: int, language: str = "en") -> list[str]:
    """Say which house rules bore on a row: the cap with the verifications that are missing, and the stale file."""
    words = []
    if scored.capped[row]:
        names = [name for name, open_ in zip(VERIFICATION_NAMES[language], scored.unverified[:, row], strict=True) if open_]
        if language == "zh":
            words.append(f"新客户未通过三重验证，评分上限{CAP:g}：缺{'、'.join(names)}验证")
        else:
            words.append(f"new customer without all three verifications, at most {CAP:g}: {', '.join(names)} not verified")
    if scored.stale[row]:
        stale, stale_zh = (
            f"file not reviewed for over {REVIEW_MONTHS} months: -{STALE_POINTS:g}",
            f"档案超过{REVIEW_MONTHS}个月未复审：-{STALE_POINTS:g}",
        )
        words.append(stale_zh if language == "zh" else stale)
    return words


def reasons(scored: Scored, count: int = 3, language: str = "en") -> list[list[str]]:
    """Say for each of n customers which house rules bore on the score, then the `count` factors that cost most points."""
    best = np.array([factor.best for factor in scored.scorecard.factors])
    lost = best[:, None] - scored.points
    order = np.argsort(-(lost - 1e-9 * np.isnan(scored.values)), axis=0, kind="stable")[:count].T  # of equal losses the known one first
    texts: dict[tuple[int, float], str] = {}
    answers: list[list[str]] = []
    for row, worst in enumerate(order.tolist()):
        words = rule_words(scored, row, language) if scored.capped[row] or scored.stale[row] else []
        for factor in worst:
            if lost[factor, row] > 0:
                key = (factor, float(scored.values[factor, row]))
                if key not in texts:
                    texts[key] = _factor_words(scored, factor, row, language)
                words.append(texts[key])
        answers.append(words)
    return answers


def _factor_words(scored: Scored, factor: int, row: int, language: str) -> str:
    one = scored.scorecard.factors[factor]
    got, said = scored.points[factor, row], one.words(float(scored.values[factor, row]), language)
    return f"{said}（{one.best:g}分得{got:g}分）" if language == "zh" else f"{said} ({got:g} of {one.best:g} points)"


def no_band(scored: Scored, row: int) -> CellError:
    """Name the first factor whose value is in no band of the scorecard."""
    factor = int(np.flatnonzero(np.isnan(scored.points[:, row]))[0])
    return OutOfRange(f"{scored.scorecard.factors[factor].key} {scored.values[factor, row]:g} is in no band of the scorecard")
