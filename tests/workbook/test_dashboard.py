"""Dashboard: figures are those of the reports that own them, and native charts stand over the cells that a refresh fills."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from tests.workbook.test_watch_list import paid_later
from workbook.build import build_workbook
from workbook.refresh import refresh
from xladdin.hosts.file import open_book

D = dt.date
DAY = D(2026, 6, 30)
LEDGER = [
    *paid_later(),
    {"document_no": "A", "customer_id": "C1", "amount": 600, "document_date": D(2026, 2, 1), "due_date": D(2026, 3, 1)},
    {"document_no": "B", "customer_id": "C2", "amount": 400, "document_date": D(2026, 6, 15), "due_date": D(2026, 8, 1)},
    {"document_no": "P", "customer_id": "C2", "document_type": "payment", "amount": 70, "document_date": D(2026, 6, 20)},
]  # fmt: skip


def dashboard_of(ledger, given=None, **tables):
    book = book_of(ledger, given or {}, **tables)
    sheet = report_of("dashboard", book, DAY)
    assert all(check.ok for check in sheet.invariants), sheet.invariants
    return book, sheet, {row["figure"]: row for row in rows_of(sheet)}


def test_figures_are_those_of_the_other_reports():
    book, sheet, rows = dashboard_of(LEDGER)
    scores = report_of("scores_limits", book, DAY)
    liquidity = report_of("liquidity", book, DAY)
    assert rows["Outstanding"]["today"] == pytest.approx(sum(scores.data["outstanding"]) / 10_000)
    assert rows["Exposure with orders"]["today"] == pytest.approx(sum(scores.data["exposure"]) / 10_000)
    assert rows["DSO, days"]["today"] == pytest.approx(float(liquidity.data["dso"][0]), abs=0.05)
    aging = report_of("aging", book, DAY)
    assert rows["Overdue items"]["today"] == pytest.approx(int(np.sum(aging.data["overdue"])) / 10_000)
    assert rows["Overdue items"]["month_ago"] == pytest.approx(600 + sum(row["amount"] for row in paid_later() if row["due_date"] < D(2026, 5, 31) < row["settled_date"]))
    said = dict(aging.facts)["Overdue"]
    assert f"({rows['Overdue, %']['today']:.0f}%)" in said, "one share of what is overdue, on every sheet"
    assert sheet.charts["top"][1] == ["C1", 1600.0]
    assert sheet.charts["aging"][-1] == ["06-30", 400.0, 1000.0, 0.0, 0.0, 600.0]
    assert [row[0] for row in sheet.charts["dso"][1:]][-2:] == ["2026-05", "06-30"]


def test_an_empty_ledger_and_chinese_work():
    _, sheet, rows = dashboard_of([])
    assert rows == {}
    assert sheet.charts["top"] == [["", "Exposure"]] or len(sheet.charts["top"]) == 1
    _, sheet, rows = dashboard_of(LEDGER, {"language": "zh"})
    assert "未收余额" in rows
    assert sheet.charts["map"][1][0] == "警报"


def test_native_charts_stand_over_blocks_that_a_refresh_fills(tmp_path):
    path = tmp_path / "w.xlsm"
    keys = ("document_no", "customer_id", "amount", "document_date", "due_date", "settled_date", "document_type")
    columns = {key: [row.get(key) for row in LEDGER] for key in keys}
    columns["document_type"] = [value or "invoice" for value in columns["document_type"]]
    columns["currency"] = ["CNY"] * len(LEDGER)
    build_workbook(path, data={"ledger": columns, "customers": {"customer_id": ["C1", "C2"]}}, settings={"as_of": DAY})
    book = open_book(path)
    refresh(book, today=DAY, keys=["dashboard"])
    book.save()
    names = {name.name: name.refers_to_range for name in book.names if name.name.startswith("chart_dashboard_")}
    assert set(names) == {f"chart_dashboard_{key}" for key in ("aging", "dso", "grades", "top", "map")}
    top = names["chart_dashboard_top"].value
    assert top[1] == ["C1", 1600.0]
    assert top[-1] == [None, None]
    assert names["chart_dashboard_map"].value[1][0] == "alarm"
    refresh(book, today=DAY, keys=["dashboard"])
    assert names["chart_dashboard_top"].value == top
    book.close()
    with zipfile.ZipFile(path) as package:
        charts = [package.read(name).decode() for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    kinds = [kind for text in charts if "Dashboard" in text for kind in re.findall(r"<c:(barChart|lineChart)>", text)]
    assert sorted(kinds) == ["barChart", "barChart", "barChart", "lineChart"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.integers(1, 300), st.integers(0, 90), st.booleans(), st.sampled_from(["CNY", "USD"])), max_size=15))
def test_the_charts_of_every_ledger_add_up(rows):
    ledger = [
        {"document_no": f"D{n}", "customer_id": who, "amount": 500 + n, "currency": money, "document_date": DAY - dt.timedelta(days=age),
         "due_date": DAY - dt.timedelta(days=age - terms), "document_type": "invoice" if invoice else "payment"}
        for n, (who, age, terms, invoice, money) in enumerate(rows)
    ]  # fmt: skip
    _, sheet, _ = dashboard_of(ledger, rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}])
    grades, warning = (sum(sum(row[1:]) for row in sheet.charts[key][1:]) for key in ("grades", "map"))
    assert grades == pytest.approx(warning)
