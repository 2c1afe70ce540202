"""The page docs/scorecard.md, written from the scorecard itself: `python -m functions.scorecard_page > docs/scorecard.md`."""

from __future__ import annotations

import math
import sys
from typing import Final

from functions.credit_file import FIELDS
from functions.customer_score import CAP, STALE_POINTS
from functions.default_scorecard import DEFAULT_SCORECARD
from functions.reviews import ESTABLISHED_MONTHS, REVIEW_MONTHS
from functions.scorecard import Band, Factor, Scorecard

#: set, score, companies, AUC, KS as `benchmarks/discrimination.py` measures them; a test repeats it where the sets are at hand
MEASURED: Final = (
    ("kazakhstan", "CREDITSCORE", 398, 0.853, 0.553),
    ("kazakhstan", "bare Z'' without X2", 398, 0.732, 0.397),
    ("polish", "CREDITSCORE", 7001, 0.696, 0.332),
    ("polish", "bare Z''", 7001, 0.689, 0.322),
    ("german", "CREDITSCORE", 1000, 0.509, 0.121),
)

_HEAD: Final = """# The default scorecard

`=CREDITSCORE(headers, values)` adds up the points of {count} factors, {best:g} at best. `=CREDITREASONS` names what cost most points,
`=CREDITGRADE` turns the score into a grade. A range of your own (factor, from, to, points) in the argument `scorecard` replaces this
card; a row with neither from nor to holds the points of a missing value. This page is written from the code, not by hand.

## Rules above the points

* A new customer (trade of at most {new} months, or none yet) without all three verifications scores {cap:g} at most. The reason names
  what is missing.
* A customer of more than {new} months whose file was not reviewed for over {months} months loses {stale:g} points.
* New or not is told by `new_customer`, `months_of_trade`, or `first_trade` with the as-of date (column or argument `as_of`). Without any
  of them a customer is taken as new when all three verification columns are given; bare company ratios are not capped.

## Partial data

A factor nobody gave counts its missing points, half its best. Nothing is scaled up: what is unknown pulls towards the middle, so
customers with much and with little data stand on one scale. With the statements' ratios alone the score runs from {low:g} to {high:g};
the ends need knowledge of how the customer pays. A blank in a verification column means: not verified. `=CREDITWHY` tells what share of
the points rests on data when it is less than half.

## What it is worth

Measured by `python benchmarks/discrimination.py` on three public sets it was not fitted to (AUC: chance that a defaulter scores below
another company, 0.5 is chance; KS: largest gap between the cumulative shares), on the rows that have a Z'' (German: all):

| set | score | companies | AUC | KS |
|---|---|---|---|---|
{measured}

Against Kazakhstan's bare Z'' the lead is clear (0.12 of AUC, 95% bootstrap interval 0.09 to 0.16), but that Z'' lacks its X2. On the
Polish set, whose file looks five years ahead, the lead of 0.007 is within chance (-0.004 to 0.018): there the score is as good as Z'',
not better. The German set holds consumer loans: it answers three of the scorecard's questions, one of them in part, and the score is
then no better than chance. The card needs company data; it is not made for persons.

What counts as missing in a set (a coverage of 0 beside no reported profit, "no credits taken") was settled after a first look at the
figures: it moved the Polish AUC from 0.693 to 0.696 and the German one from 0.470 to 0.509. Bands and points were not touched.

## Factors

A band holds `from` <= value < `to`.
"""

_RATIOS: Final = (
    "current_ratio", "quick_ratio", "cash_ratio", "debt_to_assets", "roa", "interest_coverage", "cash_flow_to_debt", "altman_z2",
)  # fmt: skip


def page(scorecard: Scorecard = DEFAULT_SCORECARD) -> str:
    """Return the page as Markdown."""
    known = [factor for factor in scorecard.factors if factor.key in _RATIOS]
    unknown = sum(factor.missing for factor in scorecard.factors if factor.key not in _RATIOS)
    head = _HEAD.format(
        count=len(scorecard.factors),
        best=scorecard.best,
        new=ESTABLISHED_MONTHS,
        months=REVIEW_MONTHS,
        cap=CAP,
        stale=STALE_POINTS,
        low=unknown + sum(min(band.points for band in factor.bands) for factor in known),
        high=unknown + sum(factor.best for factor in known),
        measured="\n".join(f"| {name} | {score} | {rows:,} | {auc:.3f} | {ks:.3f} |" for name, score, rows, auc, ks in MEASURED),
    )
    return head + "\n".join(_factor(factor) for factor in scorecard.factors) + "\n"


def _factor(factor: Factor) -> str:
    names = [f"`{factor.key}`", *FIELDS.get(factor.key, ("", ()))[1]]
    lines = [
        "",
        f"### {factor.title} {factor.title_zh}",
        "",
        f"Headers: {', '.join(names)}. Missing: {factor.missing:g} of {factor.best:g} points.",
        "",
        "| band | points | reason | 原因 |",
        "|---|---|---|---|",
        *(_band(factor, band) for band in factor.bands),
        "",
        f"Source: {factor.source}.",
    ]
    return "\n".join(lines)


def _band(factor: Factor, band: Band) -> str:
    value = _within(band)
    if math.isinf(band.low) and math.isinf(band.high):
        edges = "any"
    elif math.isinf(band.low):
        edges = f"below {band.high:g}"
    elif math.isinf(band.high):
        edges = f"from {band.low:g}"
    else:
        edges = f"{band.low:g} to {band.high:g}"
    return f"| {edges} | {band.points:g} | {factor.words(value)} | {factor.words(value, 'zh')} |"


def _within(band: Band) -> float:
    """Return a value of the band to show its words with: where it starts, or a little below where an open one ends."""
    if not math.isinf(band.low):
        return band.low
    return 0.0 if band.high > 0 else band.high - max(0.05, abs(band.high))


if __name__ == "__main__":
    sys.stdout.write(page())
