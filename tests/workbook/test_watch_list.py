"""Watch list: the catalogue is complete and computed, states follow the sheet Signals, and a refresh tells what turned."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.early_warning import SIGNALS
from tests.ledgers import book_of, report_of, rows_of
from workbook.indicators.catalogue import BY_KEY, INDICATORS
from workbook.indicators.compute import key_of, measure
from workbook.indicators.conduct import month_edges
from workbook.indicators.metrics import METRICS
from workbook.settings import Settings
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 30)


def paid_later(customer="C1", months=10, step=4, start=D(2025, 9, 1), amount=1000):
    """Invoices a month apart, each paid some days later than the one before."""
    rows = []
    for number in range(months):
        made = start + dt.timedelta(days=30 * number)
        due = made + dt.timedelta(days=10)
        rows.append({"document_no": f"{customer}-{number}", "customer_id": customer, "amount": amount, "document_date": made, "due_date": due,
                     "settled_date": due + dt.timedelta(days=step * number)})  # fmt: skip
    return rows


def measured(ledger, day=DAY, **tables):
    book = book_of(ledger, **tables)
    made = measure(book, book.settings, day)
    place = {customer: row for row, customer in enumerate(made.scene.found.customers)}
    return made, lambda key, customer="C1": float(made.columns[key][place[customer]])


def test_the_catalogue_has_two_hundred_indicators_each_said_in_both_languages_and_all_computed():
    assert len(INDICATORS) >= 200
    assert len({one.key for one in INDICATORS}) == len(INDICATORS)
    made, _ = measured(paid_later(), orders=[{"order_no": "O", "customer_id": "C1", "order_date": D(2026, 5, 1), "currency": "CNY", "amount": 5}])
    for one in INDICATORS:
        assert one.key in made.columns, one.key
        assert made.columns[one.key].shape == (1,), one.key
        for language in ("en", "zh"):
            assert one.words(language), one.key
            assert one.formula(language), one.key
            assert "{" not in one.formula(language), one.key
    for metric in METRICS:
        assert metric.direction in ("up", "down", "both")
        worse = metric.alarm < metric.watch if metric.direction == "down" else metric.alarm > metric.watch
        assert worse, metric.key


def test_the_catalogue_holds_the_signals_with_their_thresholds():
    for signal in SIGNALS:
        mine = BY_KEY[signal.key].signal
        assert (mine.watch, mine.alarm, mine.direction, mine.minimum_sample) == (
            signal.watch, signal.alarm, signal.direction, signal.minimum_sample)  # fmt: skip


def test_payment_indicators_follow_their_formulas():
    made, value = measured(paid_later())
    late = [(4 * n, D(2025, 9, 1) + dt.timedelta(days=30 * n + 10 + 4 * n)) for n in range(10)]
    for window in (30, 90, 180, 365):
        mine = [days for days, paid in late if DAY - dt.timedelta(days=window) < paid <= DAY]
        if mine:
            assert value(f"late_mean_{window}") == pytest.approx(np.mean(mine))
            assert value(f"late_max_{window}") == max(mine)
            assert value(f"late_spread_{window}") == pytest.approx(np.std(mine))
            assert value(f"late_share_{window}") == np.mean([one > 0 for one in mine])
            assert value(f"days_to_pay_{window}") == pytest.approx(np.mean(mine) + 10)
        else:
            assert np.isnan(value(f"late_mean_{window}"))
    rows = paid_later()
    paid = [row for row in rows if row["settled_date"] <= DAY]
    trend = call("PAYTREND", [[row["due_date"]] for row in paid], [[row["settled_date"]] for row in paid], DAY).value
    assert value("payment_trend") == pytest.approx(trend)
    assert made.columns["payment_trend_sample"][0] == len(paid)


def test_balance_indicators_look_at_the_ledger_as_it_stood():
    ledger = [
        {"document_no": "A", "customer_id": "C1", "amount": 600, "document_date": D(2026, 2, 1), "due_date": D(2026, 3, 1)},
        {"document_no": "B", "customer_id": "C1", "amount": 400, "document_date": D(2026, 6, 15), "due_date": D(2026, 8, 1)},
        {"document_no": "C", "customer_id": "C1", "amount": 200, "document_date": D(2026, 1, 1), "due_date": D(2026, 5, 1), "settled_date": D(2026, 6, 20)},
    ]  # fmt: skip
    _, value = measured(ledger)
    assert value("overdue_share") == pytest.approx(0.6)
    assert value("overdue90_share") == pytest.approx(0.6)
    assert value("oldest_days") == (DAY - D(2026, 3, 1)).days
    assert value("open_items") == 2
    assert value("balance_change_30") == pytest.approx(1000 / 800 - 1)
    assert value("overdue_share_rise_30") == pytest.approx(0.6 - 1.0)
    assert value("overdue_items_rise_30") == 1 - 2
    assert value("items_concentration") == pytest.approx(0.36 + 0.16)


def test_orders_are_compared_by_full_months():
    assert month_edges(np.datetime64("2026-06-30"), 2).tolist() == [D(2026, 4, 30), D(2026, 5, 31), D(2026, 6, 30)]
    assert month_edges(np.datetime64("2026-06-29"), 2).tolist() == [D(2026, 3, 31), D(2026, 4, 30), D(2026, 5, 31)]
    amounts = [100, 110, 90, 105, 95, 100, 98, 102, 100, 97, 103, 100, 20]
    months = [D(2025 + (5 + n) // 12, (5 + n) % 12 + 1, 10) for n in range(13)]
    orders = [{"order_no": f"O{n}", "customer_id": "C1", "order_date": day, "currency": "CNY", "amount": amount}
              for n, (day, amount) in enumerate(zip(months, amounts, strict=True))]  # fmt: skip
    _, value = measured(paid_later(), orders=orders)
    assert value("order_swing") == pytest.approx(call("ORDERSWING", [[amount] for amount in amounts]).value)
    assert value("orders_change_30") == pytest.approx(20 / 100 - 1)


def test_a_payment_trend_makes_an_alarm_with_its_reason_and_too_few_payments_make_none():
    ledger = [*paid_later("C1"), *paid_later("C2", months=4, step=20), *paid_later("C3", step=0)]
    sheet = report_of("watch_list", book_of(ledger, {}, signals=[{"signal": "payment trend, days later a month", "watch": 1.5, "alarm": 3, "minimum_sample": 6}]), DAY)
    rows = {row["customer_id"]: row for row in rows_of(sheet)}
    assert next(iter(rows)) == "C1", "the worst first"
    assert (rows["C1"]["warning"], rows["C2"]["warning"], rows["C3"]["warning"]) == ("alarm", "no data", "green")
    assert rows["C1"]["why"].startswith("alarm: days later a month 4.")
    assert rows["C1"]["why"].endswith("(3)")
    assert rows["C2"]["why"] == ""


def test_a_row_of_signals_changes_an_indicator_and_an_unknown_one_is_a_finding():
    signals = [{"signal": "late_mean_365", "watch": 0.5, "alarm": 5}, {"signal": "moon phase", "watch": 1, "alarm": 2}]
    book = book_of(paid_later(step=1), {}, signals=signals)
    sheet = report_of("watch_list", book, DAY)
    (row,) = rows_of(sheet)
    assert row["warning"] == "watch"
    assert "days late, mean, 365 days" in row["why"]
    assert any("moon phase" in finding.message for finding in sheet.problems)
    assert key_of("Late mean 365") == "late_mean_365"
    assert key_of("order swing, robust z") == "order_swing"
    assert key_of("late") is None


def test_a_refresh_tells_what_turned_and_a_second_one_on_the_day_changes_nothing():
    ledger = paid_later()
    book = book_of(ledger)
    first = rows_of(report_of("watch_list", book, D(2025, 12, 31)))[0]
    stood = {"customer_id": ["C1"], "warning": ["green"], "since": [D(2026, 1, 31)], "was": [None]}
    second = rows_of(report_of("watch_list", dataclasses.replace(book, previous={"watch_list": stood}), DAY))[0]
    assert (second["warning"], second["since"], second["was"], second["turn"]) == ("alarm", "2026-06-30", "green", "worse")
    again = {"customer_id": ["C1"], "warning": ["警报"], "since": [DAY], "was": ["正常"]}
    third = rows_of(report_of("watch_list", dataclasses.replace(book, previous={"watch_list": again}), DAY))[0]
    assert {key: third[key] for key in ("warning", "since", "was", "turn")} == {key: second[key] for key in ("warning", "since", "was", "turn")}
    later = rows_of(report_of("watch_list", dataclasses.replace(book, previous={"watch_list": again}), DAY + dt.timedelta(days=1)))[0]
    assert (later["since"], later["was"], later["turn"]) == ("2026-06-30", "green", "")
    assert first["since"] == "2025-12-31"


def test_an_empty_ledger_and_chinese_work():
    sheet = report_of("watch_list", book_of([], {"language": "zh"}), DAY)
    assert sheet.rows == 0
    sheet = report_of("watch_list", book_of(paid_later(), {"language": "zh"}), DAY)
    (row,) = rows_of(sheet)
    assert row["why"].startswith("警报：") or row["why"].startswith("警报:")
    assert len(sheet.blocks) == 2
    assert len(sheet.blocks[1].data["key"]) == len(INDICATORS)
    assert all(block.columns == tuple(block.columns) and len(block.columns) <= 11 for block in sheet.blocks)


def test_as_many_indicators_are_listed_as_the_setting_says():
    book = book_of(paid_later(), {"watch_rows": 3})
    block = report_of("watch_list", book, DAY).blocks[0]
    assert {len(values) for values in block.data.values()} == {3}
    assert set(block.data["state"]) == {"alarm"}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.integers(1, 500), st.integers(0, 60), st.integers(-20, 90), st.booleans(), st.sampled_from(["CNY", "USD"])),
        max_size=25,
    )
)  # fmt: skip
def test_every_ledger_is_measured_without_warnings_and_shares_stay_shares(rows):
    ledger = [
        {"document_no": f"D{n}", "customer_id": who, "amount": 10 + n, "currency": money, "document_date": DAY - dt.timedelta(days=age),
         "due_date": DAY - dt.timedelta(days=age - terms), **({"settled_date": DAY - dt.timedelta(days=age - terms - late)} if paid else {})}
        for n, (who, age, terms, late, paid, money) in enumerate(rows)
    ]  # fmt: skip
    book = book_of(ledger, {}, rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}], customers=[{"customer_id": f"C{n}"} for n in (1, 2, 3)])
    with np.errstate(all="raise", under="ignore"):
        made = measure(book, Settings(), DAY)
    for one in INDICATORS:
        values = made.columns[one.key]
        values = values[~np.isnan(values)]
        assert np.isfinite(values).all(), one.key
        if one.metric.unit == "share" and one.metric.key.endswith("_share") and one.metric.group in ("payments", "balances") and one.metric.key != "unapplied_share":
            assert (values >= -1e-12).all(), one.key
            assert (values <= 1 + 1e-9).all(), one.key
    assert ((made.level > 0) <= made.judged).all()


def test_small_charts_stay_with_their_rows_when_the_list_grows(tmp_path):
    from workbook.build import build_workbook
    from workbook.refresh import refresh
    from xladdin.hosts.file import open_book

    path = tmp_path / "w.xlsm"
    ledger = [row for n in range(12) for row in paid_later(f"C{n:02}", months=7)]
    columns = {key: [row.get(key) for row in ledger] for key in ("document_no", "customer_id", "amount", "document_date", "due_date", "settled_date")}
    columns |= {"document_type": ["invoice"] * len(ledger), "currency": ["CNY"] * len(ledger)}
    build_workbook(path, data={"ledger": columns, "customers": {"customer_id": [f"C{n:02}" for n in range(12)]}}, settings={"as_of": DAY})
    book = open_book(path)
    try:
        refresh(book, today=DAY, keys=["watch_list"])
        book.save()
    finally:
        book.close()
    with zipfile.ZipFile(path) as package:
        (page,) = [text for name in package.namelist() if name.startswith("xl/worksheets/") and b"sparkline>" in (text := package.read(name))]
    import re

    places = [place.decode() for place in re.findall(rb"<xm:sqref>([A-Z]+\d+)</xm:sqref></x14:sparkline>", page)]
    assert places
    assert len(places) == page.count(b"<x14:sparkline>")
    assert len(set(places)) == len(places)
