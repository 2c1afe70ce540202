"""Dates and numbers of other systems: one format for a column by all its values, or a refusal that says what to decide."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.importing.date_formats import read_dates
from workbook.importing.number_formats import parse, read_numbers
from xladdin.errors import BadRequest

JAN31, MAR4 = dt.date(2026, 1, 31), dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    ("texts", "asked", "name", "dates"),
    [
        (["2026-01-31", "2026-3-4"], "", "y/m/d", [JAN31, MAR4]),
        (["2026/01/31", "2026.3.4"], "", "y/m/d", [JAN31, MAR4]),
        (["2026-01-31T00:00:00", "2026-01-31 23:59:59.5"], "", "y/m/d", [JAN31, JAN31]),
        (["20260131", "20260304.0"], "", "yyyymmdd", [JAN31, MAR4]),
        (["2026年1月31日", "２０２６年3月4日"], "", "y年m月d日", [JAN31, MAR4]),
        (["20260131", "2026-03-04"], "", "yyyymmdd or y/m/d", [JAN31, MAR4]),
        (["1/31/2026", "3/4/2026"], "", "m/d/y", [JAN31, MAR4]),
        (["31/1/2026", "4/3/2026"], "", "d/m/y", [JAN31, MAR4]),
        (["31-01-2026", "04-03-2026"], "", "d/m/y", [JAN31, MAR4]),
        (["31.01.2026", "4.3.2026"], "", "d.m.y", [JAN31, MAR4]),
        (["1.1.2026", "4.3.2026"], "", "d.m.y", [dt.date(2026, 1, 1), MAR4]),
        (["1/1/2026", "4/4/2026"], "", "d/m/y", [dt.date(2026, 1, 1), dt.date(2026, 4, 4)]),
        (["3/4/2026"], "m/d/y", "m/d/y", [MAR4]),
        (["3/4/2026"], "MDY", "m/d/y", [MAR4]),
        (["4/3/26"], "d/m/y", "d/m/y", [MAR4]),
        (["26/3/4"], "y/m/d", "y/m/d", [MAR4]),
        (["31-Jan-2026", "4 Mar 2026"], "", "month by name", [JAN31, MAR4]),
        (["January 31, 2026", "Mar 4 2026"], "", "month by name", [JAN31, MAR4]),
        (["46053", "46085.0"], "", "serial", [JAN31, MAR4]),
        (["1/31/2026 12:30", "3/4/2026 1:05 PM"], "", "m/d/y", [JAN31, MAR4]),
    ],
)
def test_a_column_of_dates_is_read_in_the_one_format_that_fits(texts, asked, name, dates):
    found = read_dates("Date", texts, asked)
    assert [found.dates[text] for text in texts] == dates
    assert found.name == name


@pytest.mark.parametrize("text", ["31/02/2026", "2026-02-31", "20261301", "soon", "99999", "1234", "13/13/2026", "2026年2月30日", "31-Foo-2026"])
def test_a_text_that_is_no_day_is_left_alone(text):
    found = read_dates("Date", ["31/1/2026", "2026-01-31", text])
    assert found.dates == {"31/1/2026": JAN31, "2026-01-31": JAN31, text: None}


@pytest.mark.parametrize(
    ("texts", "asked", "message"),
    [
        (["3/4/2026", "5/6/2026"], "", 'column "Date": 3/4/2026 may be m/d/y or d/m/y, no day is above 12; say it with --date-format m/d/y or d/m/y'),
        (
            ["1/31/2026", "31/1/2026"], "",
            'column "Date" mixes two orders of day and month: 1/31/2026 can only be m/d/y, 31/1/2026 only d/m/y; say which one holds with --date-format, the others become findings',
        ),
        (["31/1/26"], "", 'column "Date" has years of two digits (31/1/26); say how to read them with --date-format m/d/y, d/m/y or y/m/d'),
        (["1769817600", "1769904000"], "", 'column "Date" looks like seconds since 1970 (1769817600); export it as dates'),
        (["1/1/2026"], "mm", "there is no date format mm; there are m/d/y, d/m/y, y/m/d, yyyymmdd, serial"),
    ],
)  # fmt: skip
def test_dates_that_could_be_two_days_are_refused(texts, asked, message):
    with pytest.raises(BadRequest) as error:
        read_dates("Date", texts, asked)
    assert str(error.value) == message


def test_a_format_that_was_asked_for_leaves_the_others_as_they_are():
    assert read_dates("Date", ["1/31/2026", "31/1/2026"], "m/d/y").dates == {"1/31/2026": JAN31, "31/1/2026": None}


@given(st.lists(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2100, 1, 1)), min_size=1), st.sampled_from(["m/d/y", "d/m/y"]))
def test_a_column_written_in_one_order_is_read_in_it_or_refused(days, order):
    texts = {day: f"{day.month}/{day.day}/{day.year}" if order == "m/d/y" else f"{day.day}/{day.month}/{day.year}" for day in days}
    try:
        found = read_dates("Date", texts.values())
    except BadRequest:
        assert all(day.day <= 12 for day in days)
        return
    assert [found.dates[texts[day]] for day in days] == days


@pytest.mark.parametrize(
    ("texts", "asked", "numbers"),
    [
        (["1,234.56", "-7", "0.5"], "", [1234.56, -7.0, 0.5]),
        (["1.234,56", "7"], "", [1234.56, 7.0]),
        (["1 234,56", "12\u00a0345\u202f678,9"], "", [1234.56, 12345678.9]),
        (["1'234.50"], "", [1234.5]),
        (["(1,234.50)", "12.50-", "\u22123.25"], "", [-1234.5, -12.5, -3.25]),
        (["￥１，２３４．５０", "¥7.25", "$8.10", "9.30元", "USD 1.20", "-€5.40"], "", [1234.5, 7.25, 8.1, 9.3, 1.2, -5.4]),
        (["1,234,567", "1,234"], "1,234.56", [1234567.0, 1234.0]),
        (["1,234"], "1.234,56", [1.234]),
        (["12", "1234"], "", [12.0, 1234.0]),
        (["1.5E+3", "2e-1", "0.25"], "", [1500.0, 0.2, 0.25]),
        ([".5", "3."], "", [0.5, 3.0]),
        (["1,23,456.78", "12,34,567", "(1,00,000)"], "", [123456.78, 1234567.0, -100000.0]),
        (["1’234.50", "1`234.50"], "", [1234.5, 1234.5]),
        (["1,234.56 CR", "Cr 0.50", "1,234.56 Dr"], "", [-1234.56, -0.5, 1234.56]),
        (["1.234,56 H", "1.234,56 S"], "", [-1234.56, 1234.56]),
        (["١٬٢٣٤٫٥٠", "١٢٣"], "", [1234.5, 123.0]),
        (["(USD 1,234.56)", "EUR 1,234.56-", "-$5.00", "Rs. 1,23,456.78"], "", [-1234.56, -1234.56, -5.0, 123456.78]),
        (["1,234,567.8", "1,234"], "", [1234567.8, 1234.0]),
        (["1.234", "5,6"], "", [1234.0, 5.6]),
    ],
)
def test_a_column_of_numbers_is_read_with_the_one_mark_that_fits(texts, asked, numbers):
    found = read_numbers("Amount", texts, asked)
    assert [found.numbers[text] for text in texts] == numbers


@pytest.mark.parametrize("text", ["5万", "n/a", "-", "NaN", "inf", "1,23,4567.00", "5 Cr", "(-5.00)", "12.34.56", "1e999999", "0x10", "10%", "()", "1" * 41])
def test_a_text_that_is_no_number_is_left_alone(text):
    assert read_numbers("Amount", ["0.50", text]).numbers == {"0.50": 0.5, text: None}


def test_per_cent_is_a_rate():
    assert read_numbers("Rate", ["3%", "0.05%", "0.5"], percent=True).numbers == {"3%": 0.03, "0.05%": 0.0005, "0.5": 0.5}


@pytest.mark.parametrize(
    ("texts", "asked", "message"),
    [
        (["1,234", "12"], "", 'column "Amount": 1,234 may be 1234 or 1.234; say it with --number-format "1,234.56" or "1.234,56"'),
        (["1.234"], "", 'column "Amount": 1.234 may be 1.234 or 1234; say it with --number-format "1,234.56" or "1.234,56"'),
        (
            ["1,5", "2.5"], "",
            'column "Amount" mixes two decimal marks: 2.5 and 1,5; say which one holds with --number-format, the others become findings',
        ),
        (["1"], "x", "there is no number format x; there are 1,234.56   1.234,56   1 234,56   1'234.56   1234.56   1234,56"),
    ],
)  # fmt: skip
def test_numbers_that_could_be_two_amounts_are_refused(texts, asked, message):
    with pytest.raises(BadRequest) as error:
        read_numbers("Amount", texts, asked)
    assert str(error.value) == message


@given(st.integers(-(10**12), 10**12))
def test_a_number_with_groups_is_read_as_written_in_every_format(cents):
    english = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    sign = "-" if cents < 0 else ""
    assert parse(sign + english, ".") == cents / 100
    assert parse(sign + german, ",") == cents / 100
    assert parse(sign + german.replace(".", " "), ",") == cents / 100
    assert parse(f"({english})" if cents < 0 else english, ".") == cents / 100
