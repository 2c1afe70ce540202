"""A report's sheet that somebody changed by hand: right figures, a finding or one clear line, and every note kept."""

from __future__ import annotations

import datetime as dt
import random
import shutil

import pytest

from tests.conftest import AS_OF
from tests.workbook import mutations
from tests.workbook.test_column_keys import data_of_all_reports
from tests.workbook.test_refresh import opened, run
from workbook.host_tables import cells_of, read_archive, read_previous_table, table_of
from workbook.report_place import find_place, sheet_of
from xladdin.errors import CreditError
from xladdin.hosts.file import check_file

REPORTS = ("escalation", "aging", "promises", "watch_list", "scores_limits")
NEXT = AS_OF + dt.timedelta(1)


@pytest.fixture(scope="module")
def _made(tmp_path_factory):
    from workbook.build import build_workbook

    path = tmp_path_factory.mktemp("mutated") / "Credit.xlsm"
    build_workbook(path, data=data_of_all_reports(), settings={"interest_rule": "CN-SME", "simulated_years": 200, "advance": "each run"})
    run(path, as_of=AS_OF - dt.timedelta(20), keys=REPORTS)
    run(path, as_of=AS_OF, keys=REPORTS)
    with opened(path) as book:
        for key in REPORTS:
            place = table_of(sheet_of(book, key), key).range
            header = cells_of(place)[0]
            for row in (1, min(3, place.rows.count - 1)):
                place.sheet.range((place.row + row, header.index("Note") + 1)).value = f"note {row} on {key}"
    return path


@pytest.fixture
def path(_made, tmp_path):
    return shutil.copy(_made, tmp_path / "Credit.xlsm")


def everything(path):
    """Levels by document, and every text anywhere on the sheets of the reports and in the archive."""
    with opened(path, save=False) as book:
        rows = read_previous_table(sheet_of(book, "escalation"), "escalation").columns
        levels = dict(zip(rows["document_no"], rows["level"], strict=True))
        texts = {str(entry.value) for entry in read_archive(book)}
        for key in REPORTS:
            texts |= {str(cell) for row in cells_of(sheet_of(book, key).used_range) for cell in row if cell is not None}
    return levels, texts


def shown(path, report):
    """The report's table as it stands, without notes; whether its rows can be seen."""
    with opened(path, save=False) as book:
        place = find_place(sheet_of(book, report), report)
        assert place.table is not None
        rows = cells_of(place.table.range)
        hidden = [row for row in range(place.table.range.row, place.table.range.row + len(rows)) if place.sheet.range((row, 1)).impl.row_hidden]
        return rows, hidden


def survives(path, wanted):
    """Refresh; no note is lost, no level falls, no row is hidden, the file is sound."""
    levels, _ = everything(path)
    made = run(path, as_of=NEXT, keys=REPORTS)
    assert made.unreconciled == 0
    now, texts = everything(path)
    lost = [f"note {row} on {key}" for key in REPORTS for row in (1, 3) if f"note {row} on {key}" in wanted and f"note {row} on {key}" not in texts]
    assert lost == []
    assert {name: (levels[name], now[name]) for name in levels if name in now and (now[name] or 0) < (levels[name] or 0)} == {}
    for key in REPORTS:
        _, hidden = shown(path, key)
        assert hidden == [], f"rows of {key} are hidden"
    assert check_file(path) == []
    return made


@pytest.mark.parametrize("change", mutations.ALL, ids=lambda change: change.__name__)
@pytest.mark.parametrize("report", ["escalation", "aging"])
def test_p27_a_report_survives(path, tmp_path, report, change):
    untouched = shutil.copy(path, tmp_path / "untouched.xlsm")
    wanted = everything(path)[1]
    change(path, report, random.Random(report + change.__name__))
    made = survives(path, wanted)
    plain = run(untouched, as_of=NEXT, keys=REPORTS)
    if change not in (mutations.column_deleted, mutations.names_deleted, mutations.headers_doubled, mutations.headers_blank):
        assert shown(path, report)[0] == shown(untouched, report)[0]
        assert made.book.findings == plain.book.findings
    with opened(path, save=False) as book:
        assert table_of(sheet_of(book, report), report) is not None


@pytest.mark.parametrize("seed", range(4))
def test_p27_reports_survive_many_changes_at_once(path, seed):
    chance = random.Random(seed)
    for _ in range(2):
        wanted = everything(path)[1]
        whole = [one for one in mutations.ALL if one not in (mutations.plain_range, mutations.column_deleted, mutations.sheet_hidden)]
        for report in REPORTS:
            for change in chance.sample(whole, 3):
                change(path, report, chance)
            if chance.random() < 0.3:
                mutations.plain_range(path, report, chance)
        survives(path, wanted)


def test_p27_what_was_typed_under_a_table_or_between_its_lines_is_kept(path):
    mutations.insert(path, "escalation", rows=1, row_from=3)
    with opened(path) as book:
        page = sheet_of(book, "escalation")
        page.range("A3").value = "between the lines"
        place = table_of(page, "escalation").range
        page.range((place.row + place.rows.count, 4)).value = "right under the table"
    run(path, as_of=NEXT, keys=REPORTS)
    texts = everything(path)[1]
    assert {"between the lines", "right under the table"} <= texts
    with opened(path, save=False) as book:
        count = len(read_archive(book))
    run(path, as_of=NEXT, keys=REPORTS)
    with opened(path, save=False) as book:
        assert len(read_archive(book)) == count, "nothing is archived twice"


def test_p27_a_report_that_is_gone_says_so_in_one_line(path):
    with opened(path) as book:
        sheet_of(book, "aging").delete()
    with pytest.raises(CreditError, match="Aging"):
        run(path, as_of=NEXT, keys=["aging"])
    assert run(path, as_of=NEXT, keys=["escalation"]).unreconciled == 0
