"""Working days."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

DAYS_KNOWN = st.dates(dt.date(2005, 1, 1), dt.date(2026, 12, 31))
NEXT_YEAR = [["date", "worked"], ["2027-01-01", False], ["2027-01-02", True], ["", ""], [46_391, "休"]]


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        pytest.param("2026-02-13", 2, dt.date(2026, 2, 24), id="D12 Spring Festival"),
        pytest.param("2026-09-30", 3, dt.date(2026, 10, 10), id="D12 National Day, a worked Saturday"),
        pytest.param("2026-02-24", -2, dt.date(2026, 2, 13), id="D12 back again"),
        pytest.param("2026-02-18", -1, dt.date(2026, 2, 14), id="back from a holiday"),
        pytest.param("2026-02-18", 1, dt.date(2026, 2, 24), id="on from a holiday"),
        pytest.param("2026-02-18", 0, dt.date(2026, 2, 18), id="no days is the day itself, worked or not"),
        pytest.param("2025-12-31", 1, dt.date(2026, 1, 4), id="over the year's end, a worked Sunday"),
        pytest.param("2026-12-30", 1, dt.date(2026, 12, 31), id="the last known working day"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, days: int, expected: dt.date) -> None:
    assert call("ADDWORKDAYS", start, days).value == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2025-12-31", "2026-12-31", 248, id="D12 working days of 2026"),
        pytest.param("2026-02-13", "2026-02-24", 2, id="D12 Spring Festival"),
        pytest.param("2026-02-24", "2026-02-13", -2, id="the other way round"),
        pytest.param("2026-02-24", "2026-02-24", 0, id="the same day"),
        pytest.param("2026-02-16", "2026-02-18", 0, id="within a holiday"),
    ],
)
def test_working_days_between_leave_out_the_first_day(start: str, end: str, expected: int) -> None:
    assert call("WORKDAYSBETWEEN", start, end).value == expected


UNKNOWN_2027 = (
    "calendar unknown: CN has no working days of 2027 yet; add its holidays to the sheet Holidays, make-up days as worked "
    "(the State Council publishes them in the November before), and give those rows as holidays; or count Monday to Friday, with the calendar WEEKENDS"
)


@pytest.mark.parametrize(
    ("name", "args", "reason"),
    [
        pytest.param("ADDWORKDAYS", ("2027-03-01", 1), UNKNOWN_2027, id="D12 any date in 2027"),
        pytest.param("ADDWORKDAYS", ("2026-12-31", 1), UNKNOWN_2027, id="counting into 2027"),
        pytest.param("ADDWORKDAYS", ("2030-01-01", -1), UNKNOWN_2027.replace("2027", "2030"), id="later still"),
        pytest.param("ADDWORKDAYS", ("2004-01-02", -5), UNKNOWN_2027.replace("2027", "2003"), id="before the first year"),
        pytest.param("WORKDAYSBETWEEN", ("2026-12-01", "2027-01-04"), UNKNOWN_2027, id="D12 a period into 2027"),
        pytest.param("WORKDAYSBETWEEN", ("2027-01-04", "2027-01-04"), UNKNOWN_2027, id="within 2027"),
    ],
)
def test_a_year_not_published_is_an_error_naming_it(name: str, args: tuple[object, ...], reason: str) -> None:
    answer = call(name, *args)
    assert (answer.value, answer.reason) == ("#N/A", reason)


def test_the_sheet_holidays_makes_a_year_known_and_overrides_days() -> None:
    assert call("ADDWORKDAYS", "2026-12-31", 1, "CN", NEXT_YEAR).value == dt.date(2027, 1, 2)  # a worked Saturday
    assert call("ADDWORKDAYS", "2026-12-31", 2, "CN", NEXT_YEAR).value == dt.date(2027, 1, 5)  # Monday the 4th is serial 46391
    assert call("ADDWORKDAYS", "2026-02-13", 1, "CN", [["2026-02-14"]]).value == dt.date(2026, 2, 24)
    assert call("ADDWORKDAYS", "2026-02-13", 1, "WEEKENDS", [["2026-02-16"]]).value == dt.date(2026, 2, 17)


def test_a_year_missing_between_known_years_is_never_jumped_over() -> None:
    only_2028 = [["2028-01-01", False]]
    reason = UNKNOWN_2027
    assert call("ADDWORKDAYS", "2026-12-31", 1, "CN", only_2028).reason == reason
    assert call("ADDWORKDAYS", "2028-01-03", -1, "CN", only_2028).reason == reason
    assert call("WORKDAYSBETWEEN", "2026-12-31", "2028-01-04", "CN", only_2028).reason == reason
    assert call("WORKDAYSBETWEEN", "2027-05-01", "2027-05-01", "CN", only_2028).reason == reason
    assert call("ADDWORKDAYS", "2027-12-31", 1, "CN", only_2028).reason == reason
    assert call("ADDWORKDAYS", "2028-01-01", 1, "CN", only_2028).value == dt.date(2028, 1, 3)


@pytest.mark.parametrize(
    ("holidays", "code", "reason"),
    [
        ([["2027-01-01", "maybe"]], "#VALUE!", 'holidays, row 1: worked or not must be TRUE or FALSE; got the text "maybe"'),
        ([["date", "worked"], ["soon", True]], "#VALUE!", 'holidays, row 2: date must be a date or a text like 2026-01-31; got the text "soon"'),
        ([["2027-01-01", 1], [0.5, True]], "#NUM!", "holidays, row 2: date: 0.5 is not a date: serial numbers of dates run from 1 (1900-01-01) to 2958465 (9999-12-31)"),
        ([[None, True]], "#VALUE!", "holidays, row 1: date must be a date; got a blank"),
    ],
)
def test_a_bad_row_of_the_sheet_holidays_is_named(holidays: list[list[object]], code: str, reason: str) -> None:
    answer = call("ADDWORKDAYS", "2026-01-05", 1, "CN", holidays)
    assert (answer.value, answer.reason) == (code, reason)


def test_an_unknown_calendar_is_refused() -> None:
    assert call("ADDWORKDAYS", "2026-01-05", 1, "US").reason == 'calendar must be one of CN, WEEKENDS; got the text "US"'
    assert call("ADDWORKDAYS", "2026-01-05", 20_000).reason == "days must be at most 10000; got 20000"


@given(DAYS_KNOWN)
def test_every_known_day_is_as_the_official_calendar_has_it(day: dt.date) -> None:
    worked = call("WORKDAYSBETWEEN", day - dt.timedelta(1), day).value
    assert worked == int(chinese_calendar.is_workday(day))


@given(DAYS_KNOWN, st.integers(-40, 40))
def test_counting_there_and_asking_between_agree(day: dt.date, days: int) -> None:
    reached = call("ADDWORKDAYS", day, days).value
    if reached == "#N/A":
        return
    if days >= 0:
        assert call("WORKDAYSBETWEEN", day, reached).value == days
    else:
        assert call("WORKDAYSBETWEEN", reached - dt.timedelta(1), day - dt.timedelta(1)).value == -days


@given(columns(start=cells(DAYS_KNOWN)), st.integers(-30, 30), st.sampled_from(["CN", "WEEKENDS"]))
def test_adding_a_column_equals_its_single_cells(rows: list[dict[str, object]], days: int, calendar: str) -> None:
    assert_column_equals_single_cells("ADDWORKDAYS", rows, days=days, calendar=calendar)
    assert_column_equals_single_cells("ADDWORKDAYS", rows, days=days, calendar=calendar, holidays=NEXT_YEAR)


@given(columns(start=cells(DAYS_KNOWN), end=cells(DAYS_KNOWN)))
def test_between_columns_equals_single_cells(rows: list[dict[str, object]]) -> None:
    assert_column_equals_single_cells("WORKDAYSBETWEEN", rows)


def test_the_calendar_is_not_loaded_before_somebody_asks() -> None:
    loaded = "import sys, functions; print('chinese_calendar' in sys.modules, 'babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split() == ["False", "False"]


def test_p23_saturday_31_december_2005_was_worked():
    assert call("WORKDAYSBETWEEN", "2005-12-30", "2005-12-31").value == 1
    assert call("ADDWORKDAYS", "2005-12-30", 1).value == dt.date(2005, 12, 31)


def test_p23_each_year_has_as_many_make_up_days_as_days_off_that_were_moved():
    """Days off from Monday to Friday = statutory days + make-up days; a New Year that takes days of the old year moves as many between both."""
    statutory = {year: 10 if year < 2008 else 11 if year < 2025 else 13 for year in range(2005, 2027)}
    extra = {2015: 1, 2020: 2}  # Victory Day; the Spring Festival that was lengthened
    moved = {2005: -1, 2006: -1, 2007: 2, 2011: -1, 2012: 1}  # worked in December for days off in January
    for year, days in statutory.items():
        off = sum(day.year == year and day.weekday() < 5 for day in chinese_calendar.holidays)
        start, end = f"{year - 1}-12-31", f"{year}-12-31"
        worked, weekdays = (call("WORKDAYSBETWEEN", start, end, calendar).value for calendar in ("CN", "WEEKENDS"))
        assert off - days - (worked - (weekdays - off)) == extra.get(year, 0) + moved.get(year, 0), year


def test_p23_the_reason_of_an_unknown_year_says_how_to_go_on():
    answer = call("ADDWORKDAYS", "2026-12-20", 14)
    assert (answer.value, answer.reason) == ("#N/A", UNKNOWN_2027)
    rows = [["2027-01-01", False], ["2027-01-02", True]]
    assert call("ADDWORKDAYS", "2026-12-20", 14, "CN", rows).value == dt.date(2027, 1, 7)
    assert call("ADDWORKDAYS", "2026-12-20", 14, "WEEKENDS").value == dt.date(2027, 1, 7)
