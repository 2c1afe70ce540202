"""The ladder of responses to late payment, and limitation."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.escalation import next_level
from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call

D = dt.date.fromisoformat
DUE = "2026-01-01"


def day(late: int) -> dt.date:
    return D(DUE) + dt.timedelta(late)


@pytest.mark.parametrize(
    ("late", "operator", "level"),
    [
        *[(-5, ">=", 0), (0, ">=", 0), (29, ">=", 0), (30, ">=", 1), (59, ">=", 1), (60, ">=", 2), (89, ">=", 2), (90, ">=", 3), (5000, ">=", 3)],
        *[(30, ">", 0), (31, ">", 1), (60, ">", 1), (61, ">", 2), (90, ">", 2), (91, ">", 3)],
    ],
)
def test_a_level_begins_on_its_day_or_the_day_after_by_operator(late: int, operator: str, level: int) -> None:
    assert call("ESCALATIONLEVEL", DUE, day(late), operator=operator).value == level


@pytest.mark.parametrize(("late", "level"), [(4, 0), (5, 1), (20, 2), (40, 3), (50, 3)])
def test_another_ladder(late: int, level: int) -> None:
    assert call("ESCALATIONLEVEL", DUE, day(late), "5,20,40").value == level


@pytest.mark.parametrize(
    ("named", "level", "reason"),
    [
        ({"disputed": True}, 0, "held: disputed; the ladder is at level 2"),
        ({"disputed": "是"}, 0, "held: disputed; the ladder is at level 2"),
        ({"disputed": False}, 2, None),
        ({"disputed": None}, 2, None),
        ({"promise": day(60)}, 0, "held: payment promised for 2026-03-02; the ladder is at level 2"),
        ({"promise": day(57)}, 0, "held: payment promised for 2026-02-27; the ladder is at level 2"),
        ({"promise": day(56)}, 2, None),
        ({"promise": None}, 2, None),
        ({"insured": True}, 2, "insured: agree legal steps with the insurer first"),
        ({"insured": True, "disputed": True}, 0, "held: disputed; the ladder is at level 2"),
    ],
)
def test_disputed_and_promised_items_are_held_and_say_why(named: dict[str, object], level: int, reason: str | None) -> None:
    answer = call("ESCALATIONLEVEL", DUE, day(60), **named)
    assert (answer.value, answer.reason) == (level, reason)


def test_an_item_not_late_yet_is_not_said_to_be_held() -> None:
    assert call("ESCALATIONLEVEL", DUE, day(10), disputed=True, promise=day(20)).reason is None
    assert call("ESCALATIONLEVEL", DUE, day(30), insured=True).reason is None


@pytest.mark.parametrize(
    ("ladder", "reason"),
    [
        ("60,30", "ladder must rise and be above 0; got 60, 30"),
        ("0,30", "ladder must rise and be above 0; got 0, 30"),
        ("30,30", "ladder must rise and be above 0; got 30, 30"),
        ("30.5", "ladder must be whole days; got 30.5"),
        ("thirty", 'ladder must be numbers like "30,60,90"; got the text "thirty"'),
    ],
)
@pytest.mark.parametrize("name", ["ESCALATIONLEVEL", "NEXTACTIONDATE"])
def test_a_bad_ladder_is_refused(name: str, ladder: str, reason: str) -> None:
    answer = call(name, DUE, day(60), ladder)
    assert (answer.value, answer.reason) == ("#VALUE!", reason)


@pytest.mark.parametrize(
    ("level", "english", "chinese"),
    [(0, "None", "无"), (1, "Friendly reminder", "友好协商"), (2, "Lawyer's letter", "律师函"), (3, "Litigation or arbitration", "诉讼（仲裁）")],
)
def test_actions(level: int, english: str, chinese: str) -> None:
    assert call("ESCALATIONACTION", level).value == english
    assert call("ESCALATIONACTION", level, "zh").value == chinese


@pytest.mark.parametrize(
    ("level", "code", "reason"),
    [
        (4, "#NUM!", "level must be at most 3; got 4"),
        (-1, "#NUM!", "level must be at least 0; got -1"),
        (1.5, "#VALUE!", "level must be a whole number; got 1.5"),
        ("2", "#VALUE!", 'level must be a number; got the text "2"'),
        (None, "#VALUE!", "level is blank"),
    ],
)
def test_a_level_that_is_none_is_refused(level: object, code: str, reason: str) -> None:
    answer = call("ESCALATIONACTION", level)
    assert (answer.value, answer.reason) == (code, reason)


@pytest.mark.parametrize(
    ("late", "operator", "next_late"),
    [(-10, ">=", 30), (29, ">=", 30), (30, ">=", 60), (60, ">=", 90), (30, ">", 31), (31, ">", 61)],
)
def test_the_next_action_is_when_the_next_level_begins(late: int, operator: str, next_late: int) -> None:
    assert call("NEXTACTIONDATE", DUE, day(late), operator=operator).value == day(next_late)


def test_after_the_last_level_there_is_no_next_action() -> None:
    answer = call("NEXTACTIONDATE", [[DUE], [DUE]], [[day(90)]], "30,60,90")
    assert answer.value == [[None], [None]]
    assert answer.reason == "the last level is reached"


B3_TRYTON = [  # days late, held, level of the run
    (4, False, 0),
    (5, False, 1),
    (30, True, 1),  # level 1 not done
    (30, True, 1),  # blocked
    (30, False, 2),  # unblocked: never 3 at once
]


def test_b3_tryton_dunning_levels_5_20_40() -> None:
    level = np.array([np.nan])
    for late, held, expected in B3_TRYTON:
        reached = np.array([call("ESCALATIONLEVEL", DUE, day(late), "5,20,40").value])
        level = next_level(level, reached, held=held)
        assert level.tolist() == [expected], f"day {late}"


@pytest.mark.parametrize(("runs_days_late", "expected"), [([185, 305, 365], [1, 2, 3]), ([365], [1])])
def test_b4_oca_credit_control_one_level_a_run(runs_days_late: list[int], expected: list[int]) -> None:
    level = np.array([np.nan])
    levels = []
    for late in runs_days_late:
        level = next_level(level, np.array([call("ESCALATIONLEVEL", DUE, day(late)).value]))
        levels += level.tolist()
    assert levels == expected


def test_the_next_level_by_column() -> None:
    previous = np.array([np.nan, 0, 1, 2, 3, 2])
    reached = np.array([3, 3, 3, 3, 1, 3])
    held = np.array([False, False, False, False, False, True])
    assert next_level(previous, reached, held).tolist() == [1, 1, 2, 3, 1, 2]
    assert next_level(previous, reached, held, most=None).tolist() == [3, 3, 3, 3, 1, 2]


LADDERS = st.sampled_from(["30,60,90", "5,20,40", "60"])
OPERATORS = st.sampled_from([">=", ">"])


@given(columns(due=cells(DATES), disputed=cells(st.booleans()), promise=cells(DATES), insured=cells(st.booleans())), LADDERS, OPERATORS)
def test_levels_of_a_column_equal_single_cells(rows: list[dict[str, object]], ladder: str, operator: str) -> None:
    assert_column_equals_single_cells("ESCALATIONLEVEL", rows, as_of="2026-03-02", ladder=ladder, operator=operator)


@given(columns(due=cells(DATES)), LADDERS, OPERATORS)
def test_next_dates_of_a_column_equal_single_cells(rows: list[dict[str, object]], ladder: str, operator: str) -> None:
    assert_column_equals_single_cells("NEXTACTIONDATE", rows, as_of="2026-03-02", ladder=ladder, operator=operator)


@given(columns(level=cells(st.integers(0, 3))), st.sampled_from(["en", "zh"]))
def test_actions_of_a_column_equal_single_cells(rows: list[dict[str, object]], language: str) -> None:
    assert_column_equals_single_cells("ESCALATIONACTION", rows, language=language)


@given(st.integers(-100, 400), LADDERS, OPERATORS)
def test_the_level_rises_by_one_on_the_next_action_date_and_not_before(late: int, ladder: str, operator: str) -> None:
    now = call("ESCALATIONLEVEL", DUE, day(late), ladder, operator=operator).value
    then = call("NEXTACTIONDATE", DUE, day(late), ladder, operator).value
    if then is not None:
        assert then > day(late)
        assert call("ESCALATIONLEVEL", DUE, then, ladder, operator=operator).value == now + 1
        assert call("ESCALATIONLEVEL", DUE, then - dt.timedelta(1), ladder, operator=operator).value == now


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(("2023-03-15",), "2026-03-15", id="Civil Code art. 188: three years"),
        pytest.param(("2023-03-15", None, "CN-INTL"), "2027-03-15", id="Civil Code art. 594: four years"),
        pytest.param(("2024-02-29",), "2027-02-28", id="clamped to month end"),
        pytest.param(("2023-03-15", "2025-01-31"), "2028-01-31", id="art. 195: a demand starts it again"),
        pytest.param(("2023-03-15", "2023-01-31"), "2026-03-15", id="a demand before the due date starts nothing"),
        pytest.param(("2023-03-15", None, "UK"), "2029-03-15", id="Limitation Act 1980 s. 5: six years"),
        pytest.param(("2024-02-29", None, "hk"), "2030-02-28", id="Cap. 347 s. 4: six years"),
        pytest.param(("2023-03-15", "", "cn-intl"), "2027-03-15", id="a blank demand is none"),
    ],
)
def test_limitation(args: tuple[object, ...], expected: str) -> None:
    answer = call("LIMITATIONDATE", *args)
    assert (answer.value, answer.reason) == (D(expected), None)


@pytest.mark.parametrize(
    ("due", "demand", "law", "ended"),
    [("2020-03-15", "2025-01-31", "CN", "2023-03-15"), ("2022-08-10", "2026-12-01", "CN", "2025-08-10"), ("2020-03-15", "2024-03-16", "CN-INTL", "2024-03-15")],
)
def test_p13_a_demand_after_the_period_had_ended_restarts_nothing(due: str, demand: str, law: str, ended: str) -> None:
    """L8: only the debtor's own consent revives a lapsed claim (Civil Code art. 192)."""
    answer = call("LIMITATIONDATE", due, demand, law)
    assert answer.value == D(ended)
    assert answer.reason.startswith(f"the period from the due date ended on {ended}, before this demand, which restarts nothing")
    assert "acknowledgement" in answer.reason


def test_p13_a_demand_on_the_last_day_still_restarts_the_period() -> None:
    assert call("LIMITATIONDATE", "2020-03-15", "2023-03-15").value == D("2026-03-15")


@pytest.mark.parametrize(("law", "where"), [("UK", "sections 29 and 30"), ("HK", "sections 23 and 24")])
def test_a_demand_restarts_nothing_where_only_an_acknowledgement_does(law: str, where: str) -> None:
    answer = call("LIMITATIONDATE", "2020-03-15", "2025-01-31", law)
    assert answer.value == D("2026-03-15")
    assert "signed acknowledgement" in answer.reason
    assert where in answer.reason
    assert call("LIMITATIONDATE", "2020-03-15", "2020-03-15", law).reason is None


def test_an_unknown_law_is_refused() -> None:
    answer = call("LIMITATIONDATE", "2020-03-15", None, "NY")
    assert answer.value == "#N/A"
    assert answer.reason == 'the limitation under the law "NY" is not known here: ask counsel for the day; known are CN, CN-INTL, HK, UK'


@given(columns(due=cells(DATES), last_demand=cells(DATES)), st.sampled_from(["CN", "CN-INTL", "HK", "UK"]))
def test_limitation_of_a_column_equals_single_cells(rows: list[dict[str, object]], law: str) -> None:
    assert_column_equals_single_cells("LIMITATIONDATE", rows, law=law)
