"""DEFAULTPROB."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

SHEET = [["Grade", "From score", "Default probability"], ["good", 60, 0.01], ["poor", 0, 0.2]]


def test_a_grade_and_the_lowest_score_of_its_band_have_the_same_probability() -> None:
    assert call("DEFAULTPROB", "bb").value == call("DEFAULTPROB", 50).value == 0.0058
    assert call("DEFAULTPROB", 49.9).value == 0.0389
    assert call("DEFAULTPROB", 0).value == 1
    assert call("DEFAULTPROB", 60, SHEET).value == call("DEFAULTPROB", "good", SHEET).value == 0.01


def test_what_cannot_be_answered_says_why() -> None:
    assert call("DEFAULTPROB", "E", SHEET).reason == 'there is no grade "E" among good, poor'
    assert call("DEFAULTPROB", 101).reason == "score must be 0 to 100; got 101"
    assert call("DEFAULTPROB", -1, SHEET).reason == "score -1 is below the lowest band"


@given(columns(score_or_grade=cells(st.one_of(st.floats(0, 100), st.sampled_from(["AAA", "d", "E"])))))
def test_a_column_equals_single_cells(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("DEFAULTPROB", rows)
