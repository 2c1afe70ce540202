"""EFFECTIVELIMIT, DDTIER, REVIEWDUE and NEXTREVIEW."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.cells import ExcelError

D = dt.date.fromisoformat
LIMITS = st.one_of(st.none(), st.just(0), st.integers(0, 100_000))
FLAGS = st.one_of(st.none(), st.booleans())


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param((10_000, 15_000), 10_000, id="C2 Dynamics 365: the own limit is lower"),
        pytest.param((20_000, 15_000), 15_000, id="C2 Dynamics 365: the group's limit is lower"),
        pytest.param((0, 15_000, True), 0, id="C2 Dynamics 365: 0 and mandatory"),
        pytest.param((0, 15_000, False, True), "no limit", id="0 and unlimited"),
        pytest.param((0, 15_000), 15_000, id="0 inherits the group's"),
        pytest.param((None, 15_000), 15_000, id="blank inherits the group's"),
        pytest.param((None, None), None, id="none set anywhere: blank"),
        pytest.param((8_000, None), 8_000, id="no group limit"),
        pytest.param((8_000, 0), 0, id="a group limit of 0 is no credit"),
        pytest.param((None, 15_000, True, True), 0, id="mandatory comes before unlimited"),
        pytest.param((20_000, 15_000, True, True), 15_000, id="an own limit makes the flags idle"),
        pytest.param((100_000, None, False, False, 50_000, 0.5), 125_000, id="C1 Dynamics 365: half of a guarantee raises the limit"),
        pytest.param((100_000, None, False, False, 50_000, 0.5, "exposure"), 75_000, id="C1 Dynamics 365: the guarantee is in the exposure"),
        pytest.param((20_000, 15_000, False, False, 5_000), 20_000, id="a guarantee counts in full unless its share says less"),
        pytest.param((0, 15_000, True, False, 5_000), 5_000, id="what a guarantee bears is credit without a limit of its own"),
        pytest.param((100, None, False, False, 500, 1, "exposure"), 0, id="a guarantee for others takes no more than the limit"),
        pytest.param((0, None, False, True, 500), "no limit", id="no limit stays none"),
        pytest.param((None, None, False, False, 500), None, id="none set stays blank"),
    ],
)
def test_effective_limit(args: tuple[Any, ...], expected: Any) -> None:
    assert call("EFFECTIVELIMIT", *args).value == expected


def test_limits_that_cannot_be() -> None:
    assert call("EFFECTIVELIMIT", -1, 5).reason == "own must be at least 0; got -1"
    assert call("EFFECTIVELIMIT", 1, "x").reason == 'group must be a number; got the text "x"'
    assert call("EFFECTIVELIMIT", ExcelError("#REF!"), 5).value == "#REF!"


@given(columns(own=cells(LIMITS), group=cells(LIMITS), mandatory=FLAGS, unlimited=FLAGS, guarantee=cells(LIMITS)))
def test_a_column_of_limits_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("EFFECTIVELIMIT", rows)


TEN = [[100], [90], [80], [70], [60], [50], [40], [30], [20], [10]]


@pytest.mark.parametrize(
    ("turnover", "everybody", "named", "tier"),
    [
        pytest.param(90, TEN, {}, "deep", id="second of ten"),
        pytest.param(80, TEN, {}, "standard", id="third of ten"),
        pytest.param(80, TEN[:9], {}, "standard", id="1.8 of nine is rounded up to two"),
        pytest.param(90, TEN[:6], {}, "deep", id="1.2 of six is rounded up to two"),
        pytest.param(5, [[5], *[[1]] * 14], {}, "deep", id="0.2 x 15 is three, not four"),
        pytest.param(1, [[9], [8], [7], *[[1]] * 12], {}, "standard", id="0.2 x 15 is three, not four: the fourth"),
        pytest.param(90, [[100], [90], [90], *TEN[3:]], {}, "deep", id="ties go in together"),
        pytest.param(10, TEN, {"share": 1}, "deep", id="everybody"),
        pytest.param(100, TEN, {"share": 0}, "standard", id="nobody"),
        pytest.param(100, [*TEN, [None], [""]], {}, "deep", id="blanks do not count"),
        pytest.param(80, [*TEN, [None], [""], [None], [None], [None]], {}, "standard", id="blanks do not count: still two of ten"),
        pytest.param(None, TEN, {}, "standard", id="a blank is standard"),
        pytest.param(-5, [[-5], [-6]], {}, "standard", id="a negative is standard even if it is the largest"),
        pytest.param(0, [[0], [0]], {}, "standard", id="no turnover is standard"),
        pytest.param(50, [[50], [30], [10], [10]], {"option": "value"}, "deep", id="value: 50 of 100"),
        pytest.param(30, [[50], [30], [10], [10]], {"option": "value"}, "deep", id="value: 80 of 100 reached with it"),
        pytest.param(10, [[50], [30], [10], [10]], {"option": "value"}, "standard", id="value: 80 of 100 reached before it"),
    ],
)
def test_due_diligence_tier(turnover: Any, everybody: list[list[Any]], named: dict[str, Any], tier: str) -> None:
    assert call("DDTIER", turnover, everybody, **named).value == tier


def test_tiers_that_cannot_be_told() -> None:
    assert call("DDTIER", 5, [[None], [""]]).reason == "all_turnover holds no number"
    assert call("DDTIER", 5, [["x"]]).reason == 'all_turnover must be a number; got the text "x"'
    assert call("DDTIER", 5, TEN, 1.5).reason == "share must be at most 1; got 1.5"
    assert call("DDTIER", 5, [[ExcelError("#N/A")]]).value == "#N/A"


@given(columns(turnover=cells(st.one_of(st.none(), st.integers(-50, 200)))), st.sampled_from(["number", "value"]))
def test_a_column_of_tiers_is_answered_as_each_cell(rows: list[dict[str, Any]], option: str) -> None:
    assert_column_equals_single_cells("DDTIER", rows, all_turnover=TEN, option=option)


@pytest.mark.parametrize(
    ("last_review", "first_trade", "due"),
    [
        pytest.param("2026-01-31", "2024-03-01", "2026-04-30", id="a quarter on, clamped to the month's end"),
        pytest.param(None, "2026-01-15", "2026-07-15", id="never reviewed: when the first six months are over"),
        pytest.param("2026-02-01", "2026-01-15", "2026-07-15", id="never before six months of trade"),
        pytest.param("2026-02-01", None, None, id="no trade: no quarterly review"),
    ],
)
def test_the_next_review_and_when_it_is_late(last_review: str | None, first_trade: str | None, due: str | None) -> None:
    assert call("NEXTREVIEW", last_review, first_trade).value == (due and D(due))
    if due:
        day, after = D(due), D(due) + dt.timedelta(days=1)
        assert call("REVIEWDUE", last_review, first_trade, day).value is False
        late = call("REVIEWDUE", last_review, first_trade, after)
        assert (late.value, late.reason) == (True, f"review was due on {due}")
    else:
        assert call("REVIEWDUE", last_review, first_trade, "2099-01-01").value is False


def test_a_day_of_asking_is_needed() -> None:
    assert call("REVIEWDUE", "2026-01-01", "2024-01-01", None).reason == "as_of is blank"
    assert call("REVIEWDUE", "soon", "2024-01-01", "2026-01-01").reason == 'last_review must be a date or a text like 2026-01-31; got the text "soon"'


@given(columns(last_review=cells(DATES), first_trade=cells(st.one_of(DATES, st.none()))))
def test_a_column_of_reviews_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("REVIEWDUE", rows, as_of="2024-06-30")
    assert_column_equals_single_cells("NEXTREVIEW", rows)


def test_where_nobody_has_a_turnover_nobody_is_deep_by_either_rule():
    assert [call("DDTIER", 0, [[0], [0]], 0.2, option).value for option in ("number", "value")] == ["standard", "standard"]
