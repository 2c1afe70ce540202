"""Score, reasons and grade of a customer in cells; the rules are those of customer_score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.credit_file import NAMES
from functions.customer_score import Scored, no_band, reasons, rule_words, score_columns
from functions.default_scorecard import DEFAULT_SCORECARD
from functions.row_blocks import plain_name, read_rows
from functions.scorecard import read_scorecard
from functions.sheet_rows import number_of
from xladdin.cells import is_blank
from xladdin.errors import CellError, InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
SOURCE: Final = "House rules; the sources of the factors stand in docs/scorecard.md."

#: lowest first
DEFAULT_BANDS: Final[tuple[tuple[str, float], ...]] = (
    ("D", -np.inf),
    *((grade, 10.0 * step) for step, grade in enumerate(("C", "CC", "CCC", "B", "BB", "BBB", "A", "AA", "AAA"), start=1)),
)


HEADERS = Arg(
    "headers",
    "text",
    "Names of the columns, in any order; unknown ones are ignored.",
    "各列名称，顺序不限，未知列忽略。",
    shape="range",
    blank="missing",
)
VALUES = Arg("values", "any", "One row of values per customer, as wide as the headers.", "每个客户一行，列数与标题一致。", shape="rows")
SCORECARD = Arg(
    "scorecard",
    "any",
    "Factor, from, to, points: replaces the default scorecard.",
    "因素、下限、上限、分值；替代默认评分卡。",
    shape="range",
    default=None,
)
AS_OF = Arg("as_of", "date", "The day asked for, where no column holds it.", "统计日；未设该列时使用。", default=None)
LANGUAGE = Arg("language", "text", "Language of the answer: en or zh.", "结果语言：en 或 zh。", default="en", choices=("en", "zh"))


def _read(
    headers: Sequence[str], values: Sequence[Sequence[Any]], scorecard: Sequence[Sequence[Any]] | None, as_of: np.datetime64 | None
) -> tuple[Scored, dict[int, CellError]]:
    card = DEFAULT_SCORECARD if scorecard is None else read_scorecard(scorecard, DEFAULT_SCORECARD)
    wanted = {**{plain_name(key): (key, "number") for key in card.keys}, **NAMES}
    columns, errors = read_rows(headers, values, wanted)
    return score_columns(columns, card, as_of), errors


def _with_errors(made: Rows, scored: Scored, errors: Mapping[int, CellError]) -> Rows:
    unreadable = np.zeros(len(scored.score), dtype=np.bool_)
    unreadable[list(errors)] = True
    made.fail(unreadable, lambda row: errors[row])
    return made.fail(np.asarray(np.isnan(scored.points).any(axis=0)), lambda row: no_band(scored, row))


@function(
    category="Scoring",
    help_zh="客户信用评分0-100；缺失因素按其缺失分计，新客户未通过三重验证最高59分。",
    args=(HEADERS, VALUES, SCORECARD, AS_OF),
    result="number",
    source=SOURCE,
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example((["current_ratio", "debt_to_assets"], [[2.5, 0.2]]), 56, "Only two good ratios are known.", "仅知两项良好比率。"),
        Example(
            ([["average_days_late", "litigation_count", "debt_to_assets"]], [[95, 3, 1.1]]),
            37,
            "Pays three months late, sued, owes more than it owns.",
            "逾期三个月、多起诉讼、资不抵债。",
        ),
    ),
)
def credit_score(
    headers: Sequence[str],
    values: Sequence[Sequence[Any]],
    scorecard: Sequence[Sequence[Any]] | None = None,
    as_of: np.datetime64 | None = None,
) -> Rows:
    """Credit score of customers, 0 (worst) to 100, by a scorecard over ratios, conduct and events.

    `headers`: k names; `values`: n rows of k cells; `scorecard`: rows of factor, from, to, points; `as_of`: one date. Answers n
    numbers. A row with a cell of the wrong kind fails alone; InvalidValue when no header is known, or the scorecard is unreadable.
    """
    scored, errors = _read(headers, values, scorecard, as_of)
    made = _with_errors(Rows(scored.score), scored, errors)
    ruled = scored.capped | scored.stale
    made.remark(ruled, lambda row: "; ".join(rule_words(scored, row)))
    made.remark(scored.known < 0.5, lambda row: f"only {scored.known[row]:.0%} of the points rest on data")
    if abs(scored.scorecard.best - 100) > 1e-9:
        made.remark(np.ones(len(scored.score), dtype=np.bool_), f"the scorecard's best points add up to {scored.scorecard.best:g}, not 100")
    return made


@function(
    category="Scoring",
    help_zh="评分失分最多的因素，以文字和数字说明。",
    args=(
        HEADERS,
        VALUES,
        SCORECARD,
        Arg("count", "integer", "How many factors to name.", "列出的因素个数。", default=3, minimum=1, maximum=50),
        AS_OF,
        LANGUAGE,
    ),
    result="text",
    source=SOURCE,
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(
            ([["average_days_late", "debt_to_assets"]], [[95, 1.1]], None, 2),
            "paid 95 days late on average (0 of 12 points); liabilities to assets 110% (0 of 8 points)",
            "The two factors that cost most.",
            "失分最多的两项。",
        ),
    ),
)
def credit_reasons(
    headers: Sequence[str],
    values: Sequence[Sequence[Any]],
    scorecard: Sequence[Sequence[Any]] | None = None,
    count: int = 3,
    as_of: np.datetime64 | None = None,
    language: str = "en",
) -> Rows:
    """Reasons of a credit score: the house rules that bore on it, then the factors that cost most points.

    Arguments as CREDITSCORE; `count`: factors to name; `language`: en or zh. Answers n texts, parts joined by "; ", an empty one
    where no points were lost.
    """
    scored, errors = _read(headers, values, scorecard, as_of)
    separator = "；" if language == "zh" else "; "
    joined = np.array([separator.join(words) for words in reasons(scored, count, language)], dtype=object)
    return _with_errors(Rows(joined), scored, errors)


@function(
    category="Scoring",
    help_zh="评分对应的等级：AAA 90、AA 80、A 70、BBB 60、BB 50、B 40、CCC 30、CC 20、C 10，以下为 D。",
    args=(
        Arg("score", "number", "The score, or a column of scores.", "评分，可为一列。", shape="column"),
        Arg(
            "bands", "any", "Grade, lowest score: replaces the default grades.", "等级、最低分；替代默认等级。", shape="range", default=None
        ),
    ),
    result="text",
    source="House rule: steps of ten points, named as the rating agencies name their grades.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example((72,), "A", "From 70.", "70分起。"),
        Example((72, [["good", 60], ["poor", None]]), "good", "Grades of your own.", "自定义等级。"),
    ),
)
def credit_grade(score: Numbers, bands: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Grade of a score: the highest whose lowest score it reaches.

    `score`: n numbers, 0 to 100 unless bands are given; `bands`: rows of grade, lowest score (blank = whatever is below), further
    columns ignored. Answers n texts. OutOfRange for a score below the lowest band; InvalidValue for unreadable bands.
    """
    table = list(DEFAULT_BANDS) if bands is None else read_bands(bands)
    lowest = np.array([low for _, low in table])
    at = np.searchsorted(lowest, score, side="right") - 1
    made = Rows(np.array([name for name, _ in table], dtype=object)[np.maximum(at, 0)])
    if bands is None:
        made.fail((score < 0) | (score > 100), lambda row: OutOfRange(f"score must be 0 to 100; got {score[row]:g}"))
    return made.fail(at < 0, lambda row: OutOfRange(f"score {score[row]:g} is below the lowest band, {table[0][0]} from {table[0][1]:g}"))


def read_bands(rows: Sequence[Sequence[Any]]) -> list[tuple[str, float]]:
    """Read grades with their lowest scores, lowest first; a header row and blank rows are skipped."""
    table: list[tuple[str, float]] = []
    for number, row in enumerate(rows, start=1):
        grade, low = (*row[:2], None, None)[:2]
        if grade in (None, "") and low in (None, ""):
            continue
        if number == 1 and isinstance(low, str) and low:
            continue
        if not isinstance(grade, str) or not grade.strip():
            raise InvalidValue(f"bands, row {number}: the grade is not named")
        lowest = -np.inf if is_blank(low) else number_of(low, f"bands, row {number}: the lowest score")
        table.append((grade.strip(), lowest))
    if not table:
        raise InvalidValue("bands must be a range of grade and lowest score; it has no rows")
    table.sort(key=lambda band: band[1])
    for (name, low), (other, next_low) in pairwise(table):
        if low == next_low:
            raise InvalidValue(f"bands: {name} and {other} have the same lowest score")
    return table
