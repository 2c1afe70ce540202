"""CREDITSCORE, CREDITREASONS and CREDITGRADE through cells."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.customer_score import score_columns
from functions.default_scorecard import DEFAULT_SCORECARD, scorecard_rows
from functions.scorecard_page import page
from tests.functions.shapes import ODD_CELLS, assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.cells import ExcelError

STATEMENT = {
    "cash": 40, "current_assets": 200, "total_assets": 500, "current_liabilities": 100, "total_liabilities": 250, "net_worth": 250,
    "retained_earnings": 100, "ebit": 50, "net_profit": 30,
}  # fmt: skip
CHECKS = ["register_verified", "statements_verified", "reputation_verified"]
CARD = [["factor", "from", "to", "points"], ["sales_people", None, 3, 10], ["sales_people", 3, None, 60], ["roa", None, 0, 0], ["roa", 0, None, 40]]


def score(**fields: Any) -> Any:
    """Score one customer from fields; `scorecard` and `as_of` go to the arguments."""
    scorecard, as_of = fields.pop("scorecard", None), fields.pop("today", None)
    return call("CREDITSCORE", [list(fields)], [list(fields.values())], scorecard, as_of)


def test_the_default_points_add_up_to_100_and_missing_ones_are_half_and_never_zero() -> None:
    assert DEFAULT_SCORECARD.best == 100
    assert all(0 < factor.missing == factor.best / 2 for factor in DEFAULT_SCORECARD.factors)
    assert all(factor.source for factor in DEFAULT_SCORECARD.factors)


def test_the_brief_of_the_scorecard_is_covered() -> None:
    assert set(CHECKS) | {
        "current_ratio", "cash_ratio", "debt_to_assets", "roa", "altman_z2", "average_days_late", "payment_trend", "litigation_count",
        "dispute_count", "order_volatility", "management_changes", "years_of_trade",
    } <= set(DEFAULT_SCORECARD.keys)  # fmt: skip


def test_a_missing_factor_counts_its_own_points() -> None:
    assert score(current_ratio=2.5).value == 52
    assert score(current_ratio=0.1).value == 48
    assert score(current_ratio=None).value == 50
    assert score(current_ratio=None, cash_ratio=0.6).value == 52


def test_the_order_of_columns_is_free_and_unknown_ones_are_ignored() -> None:
    forward = call("CREDITSCORE", [["current_ratio", "debt_to_assets", "colour"]], [[2.5, 0.2, "red"]])
    backward = call("CREDITSCORE", [["colour", None, "debt_to_assets", "current_ratio"]], [["red", "?", 0.2, 2.5]])
    assert forward.value == backward.value == 56


@pytest.mark.parametrize("headers", [["current_ratio", "lawsuits"], ["Current Ratio", "Litigation count"], ["流动比率", "诉讼数"], ["流动比率（倍）", "诉讼数 (件)"]])
def test_headers_may_be_english_or_chinese_with_units(headers: list[str]) -> None:
    assert call("CREDITSCORE", [headers], [[2.5, 5]]).value == 49


def test_ratios_follow_from_statement_items() -> None:
    z2 = 6.56 * 0.2 + 3.26 * 0.2 + 6.72 * 0.1 + 1.05 * 1
    ratios = score(current_ratio=2, cash_ratio=0.4, debt_to_assets=0.5, roa=0.06, altman_z2=z2)
    assert score(**STATEMENT).value == ratios.value


def test_net_worth_or_liabilities_may_be_left_out() -> None:
    without = {key: value for key, value in STATEMENT.items() if key != "total_liabilities"}
    assert score(**without).value == score(**STATEMENT).value
    without = {key: value for key, value in STATEMENT.items() if key != "net_worth"}
    assert score(**without).value == score(**STATEMENT).value


def test_a_ratio_given_comes_before_the_one_worked_out() -> None:
    assert score(**STATEMENT, current_ratio=0.1).value == score(**STATEMENT).value - 4


def test_a_company_that_owes_nothing_on_short_term_has_the_best_current_ratio() -> None:
    assert score(current_assets=10, current_liabilities=0).value == 52
    assert score(current_assets=0, current_liabilities=0).value == 50


@pytest.mark.parametrize(
    ("fields", "new"),
    [
        ({"months_of_trade": 3}, True),
        ({"months_of_trade": 6}, True),
        ({"months_of_trade": 7}, False),
        ({"first_trade": None}, True),
        ({"first_trade": "2026-01-15", "today": "2026-07-15"}, True),
        ({"first_trade": "2026-01-15", "today": "2026-07-16"}, False),
        ({"first_trade": "2026-01-15", "as_of": "2026-07-16"}, False),
        ({"new_customer": True}, True),
        ({"new_customer": False}, False),
        ({}, True),
    ],
)
def test_a_new_customer_without_all_three_verifications_is_capped_at_59(fields: dict[str, Any], new: bool) -> None:
    good = {"average_days_late": 0, "altman_z2": 9, "debt_to_assets": 0.1, "cash_flow_to_debt": 1, "dispute_count": 0}
    checks = {"register_verified": True, "statements_verified": "2026-01-10", "reputation_verified": None}
    answer = score(**good, **checks, **fields)
    assert (answer.value == 59) is new
    if new:
        assert "new customer without all three verifications, at most 59: reputation not verified" in answer.reason
    assert score(**good, **{**checks, "reputation_verified": 46000}, **fields).value > 59


def test_ratios_alone_are_not_capped_as_nobody_says_that_the_customer_is_new() -> None:
    best = {"current_ratio": 3, "quick_ratio": 3, "cash_ratio": 3, "debt_to_assets": 0, "roa": 1, "interest_coverage": 99, "cash_flow_to_debt": 9, "altman_z2": 9}
    assert score(**best).value == 73
    assert score(**dict.fromkeys(best, -9), debt_to_equity=9).value == 35  # liabilities below zero are the best band, the rest the worst


@pytest.mark.parametrize(
    ("fields", "stale"),
    [
        ({"months_since_review": 4, "months_of_trade": 12}, True),
        ({"months_since_review": 3, "months_of_trade": 12}, False),
        ({"months_since_review": 9, "months_of_trade": 6}, False),
        ({"last_review": "2025-12-31", "first_trade": "2020-01-01", "today": "2026-03-31"}, False),
        ({"last_review": "2025-12-31", "first_trade": "2020-01-01", "today": "2026-04-01"}, True),
        ({"last_review": None, "first_trade": "2020-01-01", "today": "2026-04-01"}, True),
        ({"last_review": "2020-12-31", "first_trade": "2020-01-01"}, False),
    ],
)
def test_a_file_not_reviewed_for_over_three_months_loses_5(fields: dict[str, Any], stale: bool) -> None:
    answer = score(current_ratio=3, years_of_trade=3, **fields)
    assert answer.value == (48 if stale else 53)
    assert ("file not reviewed for over 3 months: -5" in (answer.reason or "")) is stale


def test_a_scorecard_of_your_own_replaces_the_default() -> None:
    assert score(sales_people=3, roa=0.1, scorecard=CARD).value == 100
    assert score(sales_people=2, roa=-0.1, scorecard=CARD).value == 10
    assert score(sales_people=None, roa=0.1, scorecard=CARD).value == 75  # halfway between 10 and 60
    assert score(sales_people=None, roa=0.1, scorecard=[*CARD, ["sales_people", None, None, 5]]).value == 45


def test_the_points_of_your_own_scorecard_are_kept_within_0_and_100_and_a_remark_tells_their_sum() -> None:
    answer = score(roa=1, scorecard=[["roa", None, 0, -20], ["roa", 0, None, 150]])
    assert (answer.value, answer.reason) == (100, "the scorecard's best points add up to 150, not 100")
    assert score(roa=-1, scorecard=[["roa", None, 0, -20], ["roa", 0, None, 150]]).value == 0


def test_the_default_scorecard_written_as_a_range_reads_back_as_itself() -> None:
    card = [list(row) for row in scorecard_rows()]
    fields = {**STATEMENT, "average_days_late": 20, "litigation_count": 1, "register_verified": True}
    assert score(**fields, scorecard=card).value == score(**fields).value


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ([["roa", 0, None, None]], "scorecard, row 1: points are missing"),
        ([[None, 0, None, 3]], "scorecard, row 1: the factor is not named"),
        ([["roa", 3, 1, 3]], "scorecard, row 1: from 3 is above to 1"),
        ([["roa", 0, 2, 3], ["roa", 1, None, 3]], "scorecard: two bands of roa hold the value 1"),
        ([["roa", 0, 1, 3], ["roa", "one", 2, 3]], 'scorecard, row 2: from must be a number; got the text "one"'),
        ([["roa", None, None, 3]], "scorecard: roa has no band, only points for a missing value"),
        ([[None, None, None, None]], "scorecard must be a range of factor, from, to, points; it has no rows"),
    ],
)
def test_an_unreadable_scorecard_is_refused_with_its_row(card: list[list[Any]], message: str) -> None:
    answer = score(roa=1, scorecard=card)
    assert (answer.value, answer.reason) == ("#VALUE!", message)


def test_a_value_in_no_band_of_your_own_scorecard_is_an_error_in_its_row_only() -> None:
    answer = call("CREDITSCORE", [["roa"]], [[0.5], [7], [None]], [["roa", 0, 1, 60], ["roa", 1, 2, 100]])
    assert answer.value == [[60], [ExcelError("#NUM!")], [80]]
    assert answer.reasons[1, 0] == "roa 7 is in no band of the scorecard"


@pytest.mark.parametrize(
    ("headers", "values", "message"),
    [
        (["colour"], ["red"], "headers name no factor of the scorecard; it has register_verified, statements_verified"),
        (["roa", "cash_ratio"], [1], "values has 1 column, headers has 2; they must be alike"),
        (["current_ratio", "流动比率"], [1, 2], "headers: current_ratio and 流动比率 both stand for current_ratio"),
        (["roa"], ["high"], 'roa must be a number; got the text "high"'),
        (["roa", "first_trade"], [1, "May"], 'first_trade must be a date or a text like 2026-01-31; got the text "May"'),
        (["roa", "register_verified"], [1, "maybe"], 'register_verified must be TRUE, FALSE or the day of the check; got the text "maybe"'),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_it(headers: list[str], values: list[Any], message: str) -> None:
    answer = call("CREDITSCORE", [headers], [values])
    assert answer.value == ExcelError("#VALUE!")
    assert answer.reason.startswith(message)


def test_a_cell_error_comes_out_of_its_row_only_and_is_never_taken_for_missing() -> None:
    answer = call("CREDITSCORE", [["roa"]], [[0.2], [ExcelError("#N/A")]])
    assert answer.value == [[53], [ExcelError("#N/A")]]


def test_few_data_are_told() -> None:
    assert score(roa=1).reason == "only 6% of the points rest on data"


def test_reasons_name_the_factors_that_cost_most_with_their_numbers() -> None:
    headers, values = [["average_days_late", "debt_to_assets", "litigation_count"]], [[45, 0.9, 2]]
    english = call("CREDITREASONS", headers, values).value
    assert english == "paid 45 days late on average (3 of 12 points); liabilities to assets 90% (1 of 8 points); lawsuits as defendant 2 (1 of 6 points)"
    chinese = call("CREDITREASONS", headers, values, None, 1, language="zh").value
    assert chinese == "平均逾期45天付款（12分得3分）"


def test_reasons_begin_with_the_house_rules_and_say_which_verification_is_missing() -> None:
    headers = [["months_of_trade", "register_verified", "average_days_late"]]
    answer = call("CREDITREASONS", headers, [[1, True, 0]], None, 1)
    assert answer.value.startswith("new customer without all three verifications, at most 59: statements, reputation not verified; ")
    chinese = call("CREDITREASONS", headers, [[1, True, 0]], None, 1, language="zh")
    assert chinese.value.startswith("新客户未通过三重验证，评分上限59：缺财务报表、商业口碑验证；")


def test_a_missing_factor_is_a_reason_too_and_a_perfect_file_has_none() -> None:
    assert call("CREDITREASONS", [["roa"]], [[1]], None, 1).value == "average days late not known (6 of 12 points)"
    assert call("CREDITREASONS", [["roa"]], [[1]], [["roa", None, 0, 0], ["roa", 0, None, 100]]).value == ""


@pytest.mark.parametrize(
    ("value", "grade"),
    [(100, "AAA"), (90, "AAA"), (89.99, "AA"), (80, "AA"), (70, "A"), (60, "BBB"), (59, "BB"), (50, "BB"), (40, "B"), (30, "CCC"), (20, "CC"), (10, "C"), (9.9, "D"), (0, "D")],
)
def test_grades_of_the_default_bands(value: float, grade: str) -> None:
    assert call("CREDITGRADE", value).value == grade


def test_grades_of_your_own_and_their_mistakes() -> None:
    bands = [["Grade", "From score", "PD"], ["good", 600, 0.01], ["poor", 300, 0.1]]
    assert call("CREDITGRADE", [[650], [600], [599]], bands).value == [["good"], ["good"], ["poor"]]
    assert call("CREDITGRADE", 299, bands).reason == "score 299 is below the lowest band, poor from 300"
    assert call("CREDITGRADE", 101).reason == "score must be 0 to 100; got 101"
    assert call("CREDITGRADE", None).reason == "score is blank"
    assert call("CREDITGRADE", 5, [["a", 1], ["b", 1]]).reason == "bands: a and b have the same lowest score"
    assert call("CREDITGRADE", 5, [[None, 1], ["b", 1]]).reason == "bands, row 1: the grade is not named"
    assert call("CREDITGRADE", 5, [["b", 1], ["a", "x"]]).reason == 'bands, row 2: the lowest score must be a number; got the text "x"'


NUMBER = st.one_of(st.floats(-5, 200).map(lambda x: round(x, 3)), st.integers(-5, 10_000), st.none())
DAY = st.one_of(st.none(), st.dates(dt.date(2019, 1, 1), dt.date(2026, 12, 31)), st.integers(43_000, 46_500))
FLAG = st.one_of(st.none(), st.booleans(), st.sampled_from(["yes", "否"]), DAY)
ROWS = st.lists(
    st.tuples(*[cells(NUMBER)] * 6, cells(DAY), cells(DAY), cells(FLAG), cells(FLAG, ODD_CELLS)).map(lambda row: {"values": list(row)}), min_size=1, max_size=8
)
HEADS = [["total_assets", "net_worth", "current_ratio", "average_days_late", "ebit", "litigation_count", "first_trade", "last_review", *CHECKS[:2]]]


@given(ROWS)
def test_a_block_of_customers_is_scored_as_each_alone(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("CREDITSCORE", rows, headers=HEADS, as_of="2026-06-30")
    assert_column_equals_single_cells("CREDITREASONS", rows, headers=HEADS, as_of="2026-06-30", language="zh")


@given(columns(score=cells(st.floats(-1, 101))))
def test_a_column_of_grades_is_graded_as_each_alone(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("CREDITGRADE", rows)


@given(st.lists(st.tuples(st.floats(-10, 200), st.floats(-2, 3), st.floats(0, 10)), min_size=1, max_size=20))
def test_a_score_is_within_0_and_100_and_paying_later_never_lifts_it(rows: list[tuple[float, float, float]]) -> None:
    late, debt, suits = map(np.array, zip(*rows, strict=True))
    usual = score_columns({"average_days_late": late, "debt_to_assets": debt, "litigation_count": suits}).score
    later = score_columns({"average_days_late": late + 20, "debt_to_assets": debt, "litigation_count": suits}).score
    assert ((usual >= 0) & (usual <= 100) & (later <= usual)).all()


def test_the_page_of_the_scorecard_is_the_one_written_from_the_code() -> None:
    path = Path(__file__).parents[2] / "docs" / "scorecard.md"
    assert path.read_text(encoding="utf-8") == page(), "write it anew: python -m functions.scorecard_page > docs/scorecard.md"
