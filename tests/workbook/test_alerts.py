"""Alerts: one row for each change of state, kept from refresh to refresh, whatever the order of days."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tests.ledgers import book_of, report_of, rows_of
from tests.workbook.test_watch_list import paid_later
from workbook.reports.alerts import alerts_of, unsent
from workbook.sheet import listed

D = dt.date
EARLY, DAY, NEXT = D(2026, 3, 31), D(2026, 6, 30), D(2026, 7, 1)
SIGNALS = [{"signal": "payment_trend", "watch": 1.5, "alarm": 3, "minimum_sample": 3}]


def table_of(sheet):
    return {key: listed(values) for key, values in sheet.data.items()}


def after(book, sheet):
    """The book with the list as the refresh left it."""
    return dataclasses.replace(book, previous={"alerts": table_of(sheet)})


def test_a_change_of_state_is_written_once_and_not_every_day():
    book = book_of(paid_later(), signals=SIGNALS)
    first = report_of("alerts", book, DAY)
    (row,) = rows_of(first)
    assert (row["raised_on"], row["customer_id"], row["warning"], row["was"], row["key"]) == ("2026-06-30", "C1", "alarm", "", "payment_trend")
    assert row["threshold"] == 3
    for day in (DAY, NEXT, NEXT + dt.timedelta(days=1)):
        assert rows_of(report_of("alerts", after(book, first), day)) == [row]


def test_better_and_worse_are_changes_and_the_newest_stands_first():
    worse = book_of(paid_later(), signals=SIGNALS)
    first = report_of("alerts", worse, DAY)
    better = after(book_of(paid_later(step=0), signals=SIGNALS), first)
    second = report_of("alerts", better, NEXT)
    assert [(row["warning"], row["was"]) for row in rows_of(second)] == [("green", "alarm"), ("alarm", "")]
    third = report_of("alerts", after(worse, second), NEXT)
    assert [(row["raised_on"], row["warning"], row["was"]) for row in rows_of(third)][0:2] == [
        ("2026-07-01", "alarm", "green"), ("2026-07-01", "green", "alarm")]  # fmt: skip
    assert rows_of(report_of("alerts", after(worse, third), NEXT)) == rows_of(third), "twice on one day says nothing twice"


def test_an_earlier_day_and_a_signal_that_cannot_be_judged_add_nothing():
    book = book_of(paid_later(), signals=SIGNALS)
    first = report_of("alerts", book, DAY)
    earlier = report_of("alerts", after(book, first), EARLY)
    assert rows_of(earlier) == rows_of(first)
    assert "later day" in earlier.notes[0]
    silent = report_of("alerts", after(book_of(paid_later(months=1), signals=SIGNALS), first), NEXT)
    assert rows_of(silent) == rows_of(first)


def test_rows_stay_when_the_language_changes_and_what_cannot_be_read_is_told():
    book = book_of(paid_later(), {"language": "zh"}, signals=SIGNALS)
    stood = {"raised_on": [DAY, "?"], "customer_id": ["C1", "C1"], "key": ["payment_trend"] * 2, "warning": ["alarm", "alarm"], "sent_on": [DAY, None], "was": [None, None]}
    sheet = report_of("alerts", dataclasses.replace(book, previous={"alerts": stood}), NEXT)
    (row,) = rows_of(sheet)
    assert (row["warning"], row["sent_on"]) == ("警报", "2026-06-30")
    assert len(sheet.problems) == 1


def late(**more):
    return [{"document_no": "I1", "amount": 1000, "document_date": D(2026, 3, 1), "due_date": D(2026, 3, 31), **more}]


def test_p08_a_customer_turning_into_default_raises_one_alert_and_one_more_when_it_is_over():
    sound = report_of("alerts", book_of(late(), signals=SIGNALS), D(2026, 6, 29))
    assert rows_of(sound) == [], "90 days are not more than 90"
    first = report_of("alerts", after(book_of(late(), signals=SIGNALS), sound), DAY)
    (row,) = rows_of(first)
    assert [row[key] for key in ("customer_id", "key", "warning", "was", "value", "threshold")] == ["C1", "in_default", "alarm", "", 91, 90]
    assert row["signal"] == "In default (days past due or status)"
    again = report_of("alerts", after(book_of(late(), signals=SIGNALS), first), NEXT)
    assert rows_of(again) == [row]
    paid = book_of(late(settled_date=NEXT), signals=SIGNALS)
    over = rows_of(report_of("alerts", after(paid, again), D(2026, 7, 2)))
    assert [(one["key"], one["warning"], one["was"]) for one in over] == [("in_default", "green", "alarm"), ("in_default", "alarm", "")]
    zh = report_of("alerts", after(book_of(late(), {"language": "zh"}, signals=SIGNALS), sound), DAY)
    assert rows_of(zh)[0]["signal"] == "已违约（逾期天数或状态）"


def test_p08_a_status_that_means_default_raises_the_alert_as_well():
    customers = [{"customer_id": "C1", "status": "insolvent"}]
    (row,) = rows_of(report_of("alerts", book_of(late(), signals=SIGNALS, customers=customers), EARLY))
    assert (row["key"], row["warning"], row["value"]) == ("in_default", "alarm", None)


def test_what_was_sent_is_not_sent_again():
    stood = {"raised_on": [DAY, DAY], "customer_id": ["C1", "C2"], "key": ["limit_use"] * 2, "warning": ["alarm", "watch"], "sent_on": [DAY, None], "value": [1.2, 0.95]}
    alerts, places = unsent(stood)
    assert [(one.customer, one.value) for one in alerts] == [("C2", 0.95)]
    assert places == [1]
    assert len(alerts_of(stood)) == 2
