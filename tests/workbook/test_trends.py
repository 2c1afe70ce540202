"""Trends: roll rates as the functions say them, migration and growth worked out by hand, and what is said of gaps and other settings."""

from __future__ import annotations

import datetime as dt
import json
import re
import zipfile
from dataclasses import replace

import pytest

from tests.ledgers import book_of, report_of, rows_of
from tests.workbook.test_refresh import run, table, type_into
from workbook.history.answer import trends_of_book, trends_of_folder
from workbook.history.job import order_for, take_snapshots
from workbook.history.store import path_of, read_day, read_rows
from workbook.questions.spans import month_ends
from workbook.refresh import make_reports
from workbook.sheet import money_text
from xladdin.call import call
from xladdin.errors import BadRequest
from xladdin.hosts.file import open_book
from xladdin.jobs.large import snapshot_file, tell_trends

D = dt.date
DAY = D(2026, 6, 30)
ENDS = [*month_ends(DAY, 4), DAY]
#: document, amount, due, settled: 30 days past due on the last of a month of 30 days is in 1-30
ITEMS = (
    ("A", 100, D(2026, 3, 20), None), ("B", 60, D(2026, 3, 25), D(2026, 4, 20)), ("C", 500, D(2026, 7, 15), None), ("D", 40, D(2026, 4, 12), None),
    ("E", 80, D(2026, 5, 20), D(2026, 6, 20)), ("F", 20, D(2026, 2, 10), None), ("G", 300, D(2026, 5, 10), None), ("H", 10, D(2026, 1, 20), D(2026, 6, 29)),
)  # fmt: skip
LEDGER = [
    {"document_no": name, "customer_id": "C2" if name == "G" else "C1", "amount": amount, "document_date": D(2026, 1, 10), "due_date": due, "settled_date": settled}
    for name, amount, due, settled in ITEMS
]  # fmt: skip


def book_in(folder, ledger=LEDGER, given=None, day=DAY, **tables):
    tables.setdefault("customers", [{"customer_id": "C1", "name": "One Ltd"}, {"customer_id": "C2", "name": "Two Ltd", "name_zh": "二公司"}])
    return replace(book_of(ledger, {"as_of": day, **(given or {})}, **tables), name="Credit.xlsm", folder=folder)


def keep(folder, days=ENDS, ledger=LEDGER, **options):
    for day in days:
        book = book_in(folder, ledger, day=day, **options)
        take_snapshots(book, order_for(book, None, None, day), said=False)


def report_in(folder, ledger=LEDGER, day=DAY, **options):
    book = book_in(folder, ledger, day=day, **options)
    sheet = make_reports(book, book.settings, day, ["trends"]).sheets["trends"]
    assert all(check.ok for check in sheet.invariants), sheet.invariants
    return sheet


def by_hand(day):
    """What was open by class of thirty days past due, from the items themselves."""
    sums = [0.0] * 6
    for _, amount, due, settled in ITEMS:
        if settled is None or settled > day:
            late = (day - due).days
            sums[0 if late <= 0 else min((late - 1) // 30 + 1, 5)] += amount
    return sums


def block(sheet, title):
    return next(one for one in sheet.blocks if one.title.startswith(title))


def test_months_stand_as_they_were_with_buckets_and_share(tmp_path):
    keep(tmp_path)
    sheet = report_in(tmp_path)
    rows = {row["month"]: row for row in rows_of(sheet)}
    assert list(rows) == ["2026-06", "2026-05", "2026-04", "2026-03", "2026-02"]
    for day in ENDS:
        row, mine = rows[f"{day:%Y-%m}"], by_hand(day)
        shown = [float(row[key]) for key in ("not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5")]
        assert shown == [*mine[:4], mine[4] + mine[5], 0]
        assert float(row["outstanding"]) == sum(mine)
        assert row["overdue_share"] == pytest.approx(sum(mine[1:]) / sum(mine))
    assert ("Overdue, share", f"{460 / 960:.1%} (a month before {550 / 1050:.1%})") in sheet.facts
    assert len(sheet.invariants) == 1
    assert sheet.charts["ages"][-1] == ["2026-06", *by_hand(DAY)]


def test_roll_rates_are_those_of_the_function(tmp_path):
    keep(tmp_path)
    sheet = report_in(tmp_path)
    months = [by_hand(day)[:5] for day in ENDS]
    rolls = block(sheet, "Roll rates").data
    assert rolls["to"] == ENDS[:0:-1]
    shown = list(zip(*(rolls[f"roll_{number}"] for number in range(4)), strict=True))[::-1]
    known = 0
    for at, row in enumerate(shown):
        for number, rate in enumerate(row):
            pair = [months[at][number : number + 2], months[at + 1][number : number + 2]]
            answer = call("ROLLRATES", pair)
            assert rate == (None if answer.reason else pytest.approx(answer.value[0][0]))
            known += rate is not None
    assert known > 8
    pooled = block(sheet, "Loss rates").data
    assert pooled["roll"][:4] == pytest.approx(call("ROLLRATES", months).value[0])
    assert pooled["loss_rate"] == pytest.approx(call("LOSSRATES", months).value[0])
    half = block(report_in(tmp_path, given={"loss_given_default": 0.5}), "Loss rates").data
    assert half["loss_rate"] == pytest.approx(call("LOSSRATES", months, 0.5).value[0])


def test_a_missing_month_is_said_and_no_rate_is_made_over_it(tmp_path):
    keep(tmp_path, [ENDS[0], ENDS[1], ENDS[3], ENDS[4]])
    sheet = report_in(tmp_path)
    assert "No snapshot between 2026-03-31 and 2026-05-31: no roll rates over the gap." in sheet.notes
    assert list(zip(*(block(sheet, "Roll rates").data[key] for key in ("from", "to")), strict=True)) == [(ENDS[3], ENDS[4]), (ENDS[0], ENDS[1])]
    months = [by_hand(day)[:5] for day in ENDS]
    pooled = [
        min((months[1][n + 1] + months[4][n + 1]) / (months[0][n] + months[3][n]), 1.0) if months[0][n] + months[3][n] else None for n in range(4)
    ]
    assert block(sheet, "Loss rates").data["roll"][:4] == pytest.approx(pooled)
    assert sheet.charts["rolls"][3] == ["2026-05", None, None, None, None]


def test_the_last_day_of_a_month_counts_and_half_a_month_is_no_month(tmp_path):
    keep(tmp_path, [D(2026, 5, 10), D(2026, 5, 31), D(2026, 6, 15)])
    sheet = report_in(tmp_path, day=D(2026, 6, 15))
    assert [row["look"] for row in rows_of(sheet)] == ["2026-06-15", "2026-05-31"]
    assert not any(one.title.startswith(("Roll", "Loss")) for one in sheet.blocks)
    assert [row["look"] for row in rows_of(report_in(tmp_path, day=D(2026, 5, 20)))] == ["2026-05-10"], "later ones were not known on that day"


def test_other_buckets_are_said_and_left_blank_never_mixed(tmp_path):
    keep(tmp_path, ENDS[:3], given={"limits": "30,60"})
    keep(tmp_path, [ENDS[3]], given={"unapplied": "by date"})
    keep(tmp_path, ENDS[4:])
    sheet = report_in(tmp_path)
    rows = rows_of(sheet)
    assert [row["bucket_1"] is None for row in rows] == [False, True, True, True, True]
    assert [row["overdue"] is None for row in rows] == [False, True, False, False, False]
    assert all(row["outstanding"] for row in rows)
    assert [note for note in sheet.notes if note.startswith("Stored with")] == [
        f"Stored with other settings ({what}), so their buckets are left blank: {days}. Store them again with --force to compare them."
        for what, days in (("buckets 30,60", "2026-02-28, 2026-03-31, 2026-04-30"), ("unapplied cash: by date", "2026-05-31"))
    ]
    months = [by_hand(day)[:5] for day in ENDS]
    assert block(sheet, "Loss rates").data["roll"][:4] == pytest.approx(call("ROLLRATES", months).value[0]), "ages do not hang on the buckets"


def test_grades_move_from_and_to(tmp_path):
    weak = {"litigation_count": 9, "cash": 1, "current_assets": 2, "current_liabilities": 90, "total_assets": 10, "total_liabilities": 100, "net_worth": -90, "sales": 5, "net_profit": -5}
    strong = {"first_trade": D(2010, 1, 1), "cash": 90, "current_assets": 200, "current_liabilities": 20, "total_assets": 500, "total_liabilities": 50, "net_worth": 450, "sales": 900, "net_profit": 90, "ebit": 100, "retained_earnings": 300}
    keep(tmp_path, ENDS[2:3], customers=[{"customer_id": "C1", **strong}, {"customer_id": "C2", **weak}, {"customer_id": "C9"}])
    keep(tmp_path, ENDS[4:], customers=[{"customer_id": "C1", **weak}, {"customer_id": "C2", **weak}, {"customer_id": "C8"}])
    sheet = report_in(tmp_path, customers=[{"customer_id": "C1"}, {"customer_id": "C2"}])
    counts, amounts = (one.data for one in sheet.blocks if one.title.startswith("Grades from 2026-04-30 to 2026-06-30"))
    heads = {column.key: column.label for column in next(one for one in sheet.blocks if one.title.endswith("customers")).columns}
    cells = {
        (one, heads[key]): (counts[key][row], amounts[key][row])
        for row, one in enumerate(counts["from"])
        for key in counts
        if key != "from" and counts[key][row] is not None
    }
    then, now = (
        {row["customer_id"]: row["grade"] for row in read_rows(read_day(tmp_path / "Credit-snapshots", day), "scores").to_pylist()} for day in (ENDS[2], DAY)
    )
    assert then["C1"] != now["C1"]
    assert cells[then["C1"], now["C1"]] == (1, 6_600_000), "C1 owes 660 and is now among the worst"
    assert cells[then["C2"], now["C2"]] == (1, 3_000_000)
    assert cells["new", now["C8"]] == cells[then["C9"], "gone"] == (1, 0)
    assert sum(count for count, _ in cells.values()) == 4
    assert ("Grades worse / better", "1 / 0") in sheet.facts


def test_exposures_in_two_report_currencies_are_not_compared(tmp_path):
    keep(tmp_path, ENDS[3:4], given={"report_currency": "USD"})
    keep(tmp_path, ENDS[4:])
    assert "The exposures of 2026-05-31 are in USD, those of 2026-06-30 in CNY: customers are compared, amounts are those of 2026-06-30." in report_in(tmp_path).notes


def test_amounts_of_all_months_are_converted_at_the_same_rates(tmp_path):
    ledger = [LEDGER[0] | {"currency": "USD"}]
    rates = [{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}, {"table": "USD/CNY", "date": D(2026, 6, 20), "rate": 8}]
    keep(tmp_path, ENDS[2:], ledger=ledger, rates=rates)
    assert [row["outstanding"] for row in rows_of(report_in(tmp_path, ledger, rates=rates))] == ["800.00"] * 3
    _, data = trends_of_folder(tmp_path / "Credit-snapshots", None)
    assert [look["outstanding"] for look in data["looks"]] == ["800.00"] * 3
    sheet = report_in(tmp_path, ledger)
    assert any("USD/CNY" in note for note in sheet.notes), "a rate that is not known is said"


def test_the_newest_month_is_agings_line_in_the_report_currency_to_the_cent(tmp_path):
    rates = [{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7.1234567}, {"table": "JPY/CNY", "date": D(2026, 1, 1), "rate": 0.0467}]
    ledger = [
        {"document_no": f"D{number}", "customer_id": f"C{number % 7}", "amount": 10.01 + number * 3.33, "currency": ("USD", "JPY", "CNY")[number % 3],
         "document_date": D(2026, 1, 10), "due_date": DAY - dt.timedelta(days=number * 4 - 30), "disputed_amount": 3.33 if number % 5 == 0 else None}
        for number in range(50)
    ]  # fmt: skip
    options = {"rates": rates, "customers": [{"customer_id": f"C{number}"} for number in range(7)]}
    keep(tmp_path, [DAY], ledger=ledger, **options)
    [row] = rows_of(report_in(tmp_path, ledger, **options))
    total = report_of("aging", book_in(tmp_path, ledger, **options), DAY).totals[-1]
    keys = ["not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5", "unapplied", "outstanding", "overdue", "disputed"]
    assert {key: row[key] for key in keys} == {key: money_text(total[key]) for key in keys}


def test_whose_overdue_grew_most(tmp_path):
    keep(tmp_path)
    assert not any(one.title.startswith("Overdue that grew") for one in report_in(tmp_path).blocks), "nothing grew in June"
    may = report_in(tmp_path, day=ENDS[3])
    grown = block(may, "Overdue that grew most from 2026-04-30 to 2026-05-31").data
    assert list(zip(grown["customer_id"], grown["before"].tolist(), grown["after"].tolist(), grown["name"], strict=True)) == [
        ("C2", 0, 3_000_000, "Two Ltd"), ("C1", 1_700_000, 2_500_000, "One Ltd"),
    ]  # fmt: skip


def test_a_ledger_that_changed_since_its_snapshot_is_said(tmp_path):
    keep(tmp_path, ENDS[3:])
    sheet = report_in(tmp_path, [*LEDGER, {"document_no": "Z", "customer_id": "C1", "amount": 12.5, "document_date": D(2026, 6, 29)}])
    assert "The ledger has changed since the snapshot of 2026-06-30 was stored: CNY 12.50. --force stores it again." in sheet.notes
    assert not any("has changed" in note for note in report_in(tmp_path).notes)


def test_days_made_afterwards_are_marked(tmp_path):
    book = book_in(tmp_path)
    take_snapshots(book, order_for(book, None, None, DAY, months=2), said=False)
    sheet = report_in(tmp_path)
    assert "Made afterwards, from what the ledger tells of these days now: 2026-04-30, 2026-05-31." in sheet.notes
    assert any(note.startswith("Grades are compared once two months have scores") for note in sheet.notes)


def test_without_snapshots_the_sheet_says_what_to_run(tmp_path):
    sheet = report_in(tmp_path)
    assert sheet.rows == 0
    assert sheet.notes[0] == (
        "There are no snapshots in Credit-snapshots yet: run xladdin snapshot Credit.xlsm at every month end; --months 12 makes those of the past year "
        "from the ledger."
    )
    assert report_in(tmp_path, given={"language": "zh"}).notes[0].startswith("Credit-snapshots 中还没有快照")
    book = book_of(LEDGER)
    assert make_reports(book, book.settings, DAY, ["trends"]).sheets["trends"].notes[0].startswith("The workbook has no folder on this computer (never saved, or on SharePoint")
    with pytest.raises(BadRequest, match="There are no snapshots in Credit-snapshots yet"):
        trends_of_book(book_in(tmp_path), None, DAY)


def test_a_damaged_snapshot_is_a_finding_and_the_other_reports_are_made(tmp_path):
    keep(tmp_path, ENDS[3:])
    path = path_of(tmp_path / "Credit-snapshots", "ages", DAY)
    path.write_bytes(b"PAR1 no more")
    book = book_in(tmp_path)
    made = make_reports(book, book.settings, DAY)
    assert made.sheets["trends"].rows == 0
    [finding] = made.sheets["trends"].problems
    assert finding.message.startswith("The snapshots are not shown: ages/as_of=2026-06-30/part.parquet is damaged (")
    assert made.sheets["aging"].rows == 2
    assert any("ages/as_of=2026-06-30" in str(row["message"]) for row in rows_of(made.sheets["data_problems"]))


def test_a_setting_names_the_folder_and_never_another_machine(tmp_path):
    keep(tmp_path, ENDS[3:], given={"snapshots": "history"})
    assert {path.name for path in tmp_path.iterdir()} == {"history"}
    assert report_in(tmp_path, given={"snapshots": "history"}).rows == 2
    with pytest.raises(BadRequest, match=r'setting snapshots .*must be a folder of this computer; got "//server/share"'):
        book_in(tmp_path, given={"snapshots": "//server/share"})


def test_folder_and_workbook_tell_the_same(tmp_path):
    keep(tmp_path)
    lines, data = trends_of_folder(tmp_path / "Credit-snapshots", None)
    assert data == trends_of_book(book_in(tmp_path), None, DAY)[1]
    assert [look["outstanding"] for look in data["looks"]] == [f"{sum(by_hand(day)):.2f}" for day in ENDS]
    assert data["looks"][-1]["buckets"]["31-60 days"] == "300.00"
    assert data["growth"]["customers"] == []
    assert json.dumps(data)
    assert any(line.startswith("2026-06-30") and "960.00" in line for line in lines)
    with pytest.raises(BadRequest, match="holds no snapshots up to 2026-01-31"):
        trends_of_folder(tmp_path / "Credit-snapshots", D(2026, 1, 31))


def test_a_closed_workbook_is_filled_and_its_notes_stay_with_their_month(small):
    snapshot_file(small, None, None, {}, months=3)
    assert tell_trends(small, None, 13).data["looks"][-1]["outstanding"]
    assert run(small, keys=["trends"]).unreconciled == 0
    assert [row["Month"] for row in table(small, "trends")] == ["2026-06", "2026-05", "2026-04", "2026-03"]
    type_into(small, "trends", {"Month": "2026-05"}, "Note", "strike at the port")
    snapshot_file(small, None, "2026-02-28", {})
    run(small, keys=["trends"])
    assert [(row["Month"], row["Note"]) for row in table(small, "trends")][1] == ("2026-05", "strike at the port")
    book = open_book(small)
    names = {name.name: name.refers_to_range for name in book.names if name.name.startswith("chart_trends_")}
    assert set(names) == {"chart_trends_ages", "chart_trends_share", "chart_trends_rolls"}
    cells = names["chart_trends_ages"].value
    assert [row[0] for row in cells[:6]] == [None, "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert cells[6] == [None] * 7
    page = book.sheets["Trends"]
    titles = [page.range((row, 1)).value for row in range(20, 60)]
    assert titles.index("Roll rates: share of each class that stood in the next one a month later") + 20 == 42
    book.close()
    with zipfile.ZipFile(small) as package:
        charts = [package.read(name).decode() for name in package.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert sorted(kind for text in charts if "Trends" in text for kind in re.findall(r"<c:(barChart|lineChart)>", text)) == ["barChart", "lineChart", "lineChart"]


def test_chinese_is_spoken(tmp_path):
    keep(tmp_path)
    sheet = report_in(tmp_path, given={"language": "zh"}, day=ENDS[3])
    assert sheet.title == "趋势（来自快照）"
    assert block(sheet, "逾期增加最多的客户").data["name"][0] == "二公司"
    assert sheet.charts["ages"][0][1:3] == ["未到期", "1-30天"]
