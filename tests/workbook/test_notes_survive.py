"""Whatever an analyst types into any report is there after any refresh: beside its row, or on Archive until the row is back."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from tests.workbook.test_refresh import opened
from tests.workbook.test_reports_agree import Draw, table_rows
from workbook.carry import _keys
from workbook.demo import AS_OF, demo_data
from workbook.host_tables import cells_of, read_archive, read_previous_table, table_of
from workbook.refresh import refresh
from workbook.sheet import listed
from workbook.tables import TABLES
from xladdin.registry import reports

DAY = dt.timedelta(1)


def written(path, tables, settings):
    """Write a workbook of these tables, or put them into the one that is there."""
    from workbook.build import build_workbook

    columns = {
        key: {field.key: [row.get(field.key) for row in rows] for field in TABLES[key].fields if any(field.key in row for row in rows)}
        for key, rows in tables.items()
        if rows
    }
    build_workbook(path, data=columns, settings=settings)


def replaced(path, ledger):
    """Replace the ledger's rows, as an import does."""
    with opened(path) as book:
        page = book.sheets["Ledger"]
        place = page.tables["Ledger"].range
        fields = TABLES["ledger"].fields
        rows = [[row.get(field.key) for field in fields] for row in ledger] or [[None] * len(fields)]
        page.range((place.row + 1, place.column), (place.row + place.rows.count - 1, place.column + len(fields) - 1)).clear_contents()
        page.range((place.row + 1, place.column)).value = rows
        page.tables["Ledger"].resize(page.range((place.row, place.column), (place.row + len(rows), place.column + len(fields) - 1)))


def typed(path, made, chance):
    """Type into some rows of every report, into every column that is the analyst's; answers what: (report, key, column) -> value."""
    noted = {}
    with opened(path) as book:
        for key, sheet in made.sheets.items():
            page = book.sheets[reports()[key].sheet]
            place = table_of(page, key).range
            header = cells_of(place)[0]
            keys = _keys({name: listed(sheet.data[name]) for name in sheet.key_columns}, sheet.key_columns)
            for row in chance.sample(range(sheet.rows), min(sheet.rows, 5)):
                for column in (one for one in sheet.columns if one.style == "input"):
                    number = len(noted) + 1
                    value = {"date": AS_OF + number * DAY, "amount": float(number), "integer": 1, "number": float(number)}.get(column.kind, f"note {number}")
                    if column.key == "override":
                        value = chance.choice(["hold", "1"])
                    page.range((place.row + 1 + row, header.index(column.label) + 1)).value = value
                    noted[key, keys[row], column.key] = value
    return noted


def found(path, made):
    """Collect what stands in the analyst's columns and on Archive."""
    seen = {}
    with opened(path, save=False) as book:
        for key, sheet in made.sheets.items():
            table = read_previous_table(book.sheets[reports()[key].sheet], key)
            keys = _keys(table.columns, sheet.key_columns)
            for column in (one.key for one in sheet.columns if one.style == "input"):
                for row, value in zip(keys, table.columns[column], strict=True):
                    if value not in (None, ""):
                        seen.setdefault((key, row, column), []).append(plain(value))
        for entry in read_archive(book):
            seen.setdefault((entry.report, entry.key, entry.column), []).append(plain(entry.value))
    return seen


def plain(value):
    return value.date() if isinstance(value, dt.datetime) else value


def same(noted, seen):
    lost = {key: value for key, value in noted.items() if seen.get(key) != [value]}
    assert lost == {}, f"{len(lost)} of {len(noted)} lost or doubled, such as {next(iter(lost))}: {seen.get(next(iter(lost)))}"


def went_through(path, ledgers, chance):
    """Type into every report, refresh over several ledgers and days, and look for everything after each."""
    with opened(path) as book:
        made = refresh(book, today=AS_OF, as_of=AS_OF)
    noted = typed(path, made, chance)
    assert {key for key, _, _ in noted} >= {key for key, sheet in made.sheets.items() if sheet.rows}
    for ledger, day in ledgers:
        replaced(path, ledger)
        with opened(path) as book:
            made = refresh(book, today=day, as_of=day)
        assert [check for sheet in made.sheets.values() for check in sheet.invariants if not check.ok] == []
        same(noted, found(path, made))
    return noted, made


@pytest.mark.parametrize("seed", [1, 4])
def test_notes_on_every_report_survive_ledgers_that_change(seed, tmp_path):
    chance, draw = random.Random(seed), Draw(seed * 4 + 3)
    draw.ledger = [row for number in range(30) for row in draw.document(number)]
    path = tmp_path / "Credit.xlsm"
    tables = draw.tables()
    written(path, {**tables, "ledger": draw.ledger}, {"simulated_years": 200})
    shuffled = chance.sample(draw.ledger, len(draw.ledger))
    fewer = [row for row in draw.ledger if chance.random() < 0.4]
    ledgers = [(shuffled, AS_OF), (fewer, AS_OF + 9 * DAY), ([], AS_OF + 10 * DAY), (draw.ledger, AS_OF)]
    noted, _ = went_through(path, ledgers, chance)
    assert len(noted) > 50
    with opened(path, save=False) as book:
        gone = [entry for entry in read_archive(book) if entry.report in ("aging", "scores_limits", "liquidity", "dashboard")]
    assert gone == [], "the rows are back, and so is what was typed beside them"


@pytest.mark.slow
def test_notes_on_every_report_of_the_demo_survive_a_month(tmp_path):
    chance, data = random.Random(5), {key: table_rows(table) for key, table in demo_data().items()}
    path = tmp_path / "Credit.xlsm"
    written(path, data, {"simulated_years": 200})
    ledger = [row for row in data["ledger"] if not str(row["document_no"]).startswith("X-")]
    paid = [{**row, "settled_date": AS_OF + 3 * DAY} if chance.random() < 0.1 and not row.get("settled_date") else row for row in ledger]
    noted, made = went_through(path, [(paid, AS_OF + 31 * DAY), (chance.sample(ledger, len(ledger)), AS_OF)], chance)
    assert list(made.sheets) == list(reports())
    assert len(noted) > 150
