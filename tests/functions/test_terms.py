"""Due dates from terms of payment."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dates import add_months, month_end
from functions.terms import KNOWN_FORMS, due_date, read_terms
from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.errors import InvalidValue

CASES = [
    ("A12 ERPNext end of month, leap year", "2016-01-22", "NET 30 EOM", "2016-02-29"),
    ("A12 ERPNext end of month", "2017-01-22", "NET 30 EOM", "2017-02-28"),
    ("A12 as month end and a month", "2016-01-22", "EOM+1M", "2016-02-29"),
    ("A12 as month end and a month", "2017-01-22", "EOM+1M", "2017-02-28"),
    ("days", "2026-01-31", "NET 30", "2026-03-02"),
    ("no space", "2026-01-31", "net30", "2026-03-02"),
    ("short", "2026-01-31", "N/30", "2026-03-02"),
    ("German", "2026-01-31", "30 Tage netto", None),
    ("days alone", "2026-01-31", "30 days", "2026-03-02"),
    ("days net", "2026-01-31", "30 days net", "2026-03-02"),
    ("full width", "2026-01-31", "ＮＥＴ　３０", "2026-03-02"),
    ("a number", "2026-01-31", 30, "2026-03-02"),
    ("from invoice", "2026-01-31", "30 days from invoice date", "2026-03-02"),
    ("a month is clamped", "2026-01-31", "1 month", "2026-02-28"),
    ("months in Chinese", "2026-01-31", "3个月", "2026-04-30"),
    ("month end", "2026-01-15", "EOM", "2026-01-31"),
    ("month end on month end", "2026-01-31", "EOM", "2026-01-31"),
    ("month end then days", "2026-01-15", "EOM+60", "2026-04-01"),
    ("month end then days, spaced", "2026-01-15", "eom + 60 days", "2026-04-01"),
    ("monthly statement", "2026-01-15", "月结", "2026-01-31"),
    ("monthly statement and days", "2026-01-15", "月结30天", "2026-03-02"),
    ("monthly statement, full width", "2026-01-15", "月结６０天", "2026-04-01"),
    ("monthly statement and months", "2026-01-15", "月结1个月", "2026-02-28"),
    ("next month's day", "2026-01-31", "次月10日", "2026-02-10"),
    ("next month's day, clamped", "2026-01-31", "次月31号", "2026-02-28"),
    ("next month's end", "2026-01-31", "次月底", "2026-02-28"),
    ("tenth of next month", "2026-01-31", "10th of next month", "2026-02-10"),
    ("on delivery", "2026-01-31", "COD", "2026-01-31"),
    ("on delivery in Chinese", "2026-01-31", "货到付款", "2026-01-31"),
    ("in advance", "2026-01-31", "CIA", "2026-01-31"),
    ("in advance in Chinese", "2026-01-31", "款到发货", "2026-01-31"),
    ("all in advance", "2026-01-31", "预付100%", "2026-01-31"),
    ("on receipt", "2026-01-31", "Due upon receipt", "2026-01-31"),
    ("discount", "2026-01-31", "2/10 NET 30", "2026-03-02"),
    ("discount, short", "2026-01-31", "2/10, n/30", "2026-03-02"),
    ("discount in percent", "2026-01-31", "1.5% 10 net 30", "2026-03-02"),
    ("discount and month end", "2016-01-22", "2/10 NET 30 EOM", "2016-02-29"),
    ("part prepaid", "2026-01-31", "预付30%余款NET60", "2026-04-01"),
    ("part prepaid, comma, Chinese days", "2026-01-31", "预付30%，余款60天", "2026-04-01"),
    ("part prepaid, monthly statement", "2026-01-15", "预付30%，余款月结60天", "2026-04-01"),
    ("part prepaid, on delivery", "2026-01-31", "30%预付，余款货到付款", "2026-01-31"),
    ("part prepaid, share of the balance", "2026-01-31", "预付30%，70% NET 60", "2026-04-01"),
    ("part prepaid in English", "2026-01-31", "30% deposit, balance NET 60", "2026-04-01"),
    ("part prepaid in English, days", "2026-01-31", "30% prepaid, balance 60 days", "2026-04-01"),
    ("credit days in Chinese", "2026-01-31", "账期30天", "2026-03-02"),
    ("p23 days, month end, a day", "2016-01-14", "30 days end of month on the 10th", "2016-03-10"),
    ("p23 days, month end, a day, over new year", "2015-12-11", "30 days end of month on the 10th", "2016-02-10"),
    ("p23 the same with commas", "2016-01-14", "NET 30, EOM, the 10th", "2016-03-10"),
    ("p23 the same with an ordinal", "2016-01-14", "30 days EOM 10th", "2016-03-10"),
    ("p23 the same in French", "2016-01-14", "45 jours fin de mois le 15", "2016-03-15"),
    ("p23 the 31st is clamped", "2016-01-14", "60 days end of month on the 31st", "2016-04-30"),
    ("p23 month end, a day", "2016-01-14", "end of month on the 10th", "2016-02-10"),
    ("p23 month end, then days", "2026-01-15", "net 30 from end of month", "2026-03-02"),
    ("p23 open account", "2026-01-31", "O/A 60", "2026-04-01"),
    ("p23 by wire", "2026-01-31", "T/T 60", "2026-04-01"),
    ("p23 by wire, behind", "2026-01-31", "60 days T/T", "2026-04-01"),
    ("p23 by wire in Chinese", "2026-01-31", "电汇60天", "2026-04-01"),
    ("p23 a monthly statement", "2026-01-31", "月结90天", "2026-05-01"),
    ("p23 a number of days below ten", "2026-01-31", "2", "2026-02-02"),
]
#: whose days run from another paper than the invoice, or say nothing of days at all
NOT_FROM_THE_INVOICE = (
    "60 days after B/L date", "BL+60", "60 days from bill of lading", "D/A 90", "DA 60 days", "D/P", "D/P at sight", "L/C at sight",
    "L/C 90 days", "usance letter of credit 90 days", "at sight", "CAD", "90 days after shipment", "T/T", "提单日后60天", "见单后60天",
    "承兑后90天", "银行承兑汇票90天", "即期信用证", "凭B/L60天", "见票即付", "付款交单", "30% T/T in advance, balance against copy of B/L",
)  # fmt: skip
KEYS = ("0001", "0002", "001", "00", "N030", "０００２")


@pytest.mark.parametrize(("document", "terms", "due"), [case[1:] for case in CASES], ids=[f"{case[0]}: {case[2]}" for case in CASES])
def test_terms_give_the_due_date(document: str, terms: object, due: str | None) -> None:
    answer = call("DUEDATE", document, terms)
    if due is None:
        assert answer.value == "#VALUE!"
    else:
        assert answer.value == dt.date.fromisoformat(due), answer.reason


@pytest.mark.parametrize("form", KNOWN_FORMS.split(", "))
def test_every_form_said_to_be_known_is_known(form: str) -> None:
    read_terms(form)


@pytest.mark.parametrize(
    ("terms", "code", "reason"),
    [
        ("whenever", "#VALUE!", f'terms "whenever" are not known; known forms are {KNOWN_FORMS}'),
        ("NET 9999", "#NUM!", 'terms "NET 9999": at most 3650 days are credible; got 9999'),
        ("次月32日", "#NUM!", 'terms "次月32日": a day of the month is 1 to 31; got 32'),
        ("预付130%余款NET60", "#NUM!", 'terms "预付130%余款NET60": more than 100% cannot be prepaid'),
        ("", "#VALUE!", "terms is blank"),
        ("预付30%", "#VALUE!", f'terms "预付30%" are not known; known forms are {KNOWN_FORMS}'),
        (-30, "#VALUE!", f'terms "-30" are not known; known forms are {KNOWN_FORMS}'),
    ],
)
def test_terms_that_cannot_be_read_say_why(terms: object, code: str, reason: str) -> None:
    answer = call("DUEDATE", "2026-01-31", terms)
    assert (answer.value, answer.reason) == (code, reason)


@pytest.mark.parametrize("terms", NOT_FROM_THE_INVOICE)
def test_p23_terms_that_run_from_other_papers_are_never_due_at_once(terms: str) -> None:
    answer = call("DUEDATE", "2026-01-31", terms)
    assert answer.value == "#VALUE!"
    assert terms[:40] in str(answer.reason)
    if terms != "T/T":
        assert "whose date is not known here; type the due date" in str(answer.reason)


@pytest.mark.parametrize("terms", KEYS)
def test_p23_keys_of_another_system_are_no_numbers_of_days(terms: str) -> None:
    answer = call("DUEDATE", "2026-01-05", terms)
    assert (answer.value, "a key of another system" in str(answer.reason)) == ("#VALUE!", True)


def test_one_bad_term_in_a_column_fails_alone() -> None:
    answer = call("DUEDATE", [["2026-01-31"], ["2026-01-31"], [None]], [["NET 30"], ["soon"], ["NET 30"]])
    assert answer.value == [[dt.date(2026, 3, 2)], ["#VALUE!"], ["#VALUE!"]]
    assert answer.reasons[2, 0] == "document_date is blank"


def test_a_due_date_beyond_the_last_day_of_a_sheet_is_an_error_with_a_reason() -> None:
    answer = call("DUEDATE", "9999-12-31", "NET 30")
    assert (answer.value, answer.reason) == ("#NUM!", "the result lies after 9999-12-31, the last date a cell can hold")


@given(columns(document_date=cells(DATES), terms=cells(st.sampled_from([case[2] for case in CASES]))))
def test_a_column_equals_its_single_cells(rows: list[dict[str, object]]) -> None:
    assert_column_equals_single_cells("DUEDATE", rows)


@given(st.text(alphabet="0123456789NETEOMDAYS月结天预付余款%/+, ", max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    answer = call("DUEDATE", "2026-01-31", text)
    assert isinstance(answer.value, dt.date) or (answer.value in {"#VALUE!", "#NUM!"} and "failed inside" not in str(answer.reason))


@given(st.dates(dt.date(1990, 1, 1), dt.date(2050, 1, 1)), st.integers(-60, 60))
def test_months_are_calendar_months_clamped_to_month_end(day: dt.date, months: int) -> None:
    got = add_months(np.array([day], dtype="datetime64[D]"), months)[0].item()
    assert (got.year * 12 + got.month) - (day.year * 12 + day.month) == months
    assert got.day == min(day.day, month_end(np.array([got], dtype="datetime64[D]"))[0].item().day)


def test_the_kernel_takes_arrays() -> None:
    made = due_date(np.array(["2026-01-31"], dtype="datetime64[D]"), np.array(["?"], dtype=object))
    assert isinstance(made.failures[0][1], InvalidValue)
