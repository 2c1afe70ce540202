"""Words on a sheet are never keys: renamed headers, reworded labels and another language change no level, no state and no note."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import shutil
import sys

import pytest

import workbook
from tests.conftest import AS_OF, small_data
from tests.workbook.test_refresh import change_ledger, opened, run, table
from workbook.column_keys import KEPT, PREFIX
from workbook.host_tables import cells_of, read_archive, read_previous_table, table_of
from workbook.report_place import sheet_of
from xladdin.registry import reports

D = dt.date
FIRST, SECOND = AS_OF + dt.timedelta(1), AS_OF + dt.timedelta(5)
LEVELS = ("document_no", "level", "previous_level", "level_since", "held_because")


def data_of_all_reports():
    """The small workbook with rows for the reports that have none there: promises, disputes, plans, a blacklist."""
    data = small_data()
    count = len(data["ledger"]["document_no"])
    data["ledger"]["promise_date"] = [AS_OF + dt.timedelta(3) if row in (3, 4) else None for row in range(count)]
    data["ledger"]["disputed_amount"] = [50 if row in (5, 6) else None for row in range(count)]
    data["blacklist"] = {"name": ["Customer 1"], "source": ["association"], "listed_on": [D(2026, 1, 1)]}
    return data


@pytest.fixture(scope="module")
def _refreshed(tmp_path_factory):
    from workbook.build import build_workbook

    path = tmp_path_factory.mktemp("keys") / "Credit.xlsm"
    build_workbook(
        path, data=data_of_all_reports(), settings={"interest_rule": "CN-SME", "simulated_years": 200, "advance": "each run"}
    )
    run(path, as_of=FIRST - dt.timedelta(31))  # a level is kept for the days of the ladder
    run(path, as_of=FIRST)
    return path


@pytest.fixture
def book_path(_refreshed, tmp_path):
    """A workbook refreshed once, with a note on the first row of every report."""
    path = tmp_path / "Credit.xlsm"
    shutil.copy(_refreshed, path)
    with opened(path) as book:
        for key in reports():
            place = table_of(sheet_of(book, key), key).range
            header = cells_of(place)[0]
            place.sheet.range((place.row + 1, place.column + header.index("Note"))).value = f"note on {key}"
    return path


def contents(path):
    """Every report by key: its columns as a refresh reads them, and what waits in the archive."""
    with opened(path, save=False) as book:
        stood = {key: read_previous_table(sheet_of(book, key), key) for key in reports()}
        return {key: one.columns for key, one in stood.items()}, {key: one.added for key, one in stood.items()}, read_archive(book)


def rename(path, label):
    """Give every header of every report another text: `label` of its number."""
    with opened(path) as book:
        for key in reports():
            place = table_of(sheet_of(book, key), key).range
            width = place.columns.count
            place.sheet.range((place.row, place.column), (place.row, place.column + width - 1)).value = [
                [label(key, number) for number in range(width)]
            ]


def notes(path):
    return {
        key: [cell for cell in columns["note"] if cell not in (None, "")] for key, columns in contents(path)[0].items()
    }


def test_p07_renaming_every_header_of_every_report_changes_nothing(book_path, tmp_path):
    untouched = shutil.copy(book_path, tmp_path / "untouched.xlsm")
    made = run(untouched, as_of=SECOND)
    rename(book_path, lambda key, number: f"X {key} {number}")
    renamed = run(book_path, as_of=SECOND)
    assert contents(book_path) == contents(untouched)
    assert renamed.book.findings == made.book.findings
    assert sum(map(bool, notes(book_path).values())) > 14, "a note goes to the archive only with its row"


def test_p07_captions_that_change_places_change_nothing(book_path, tmp_path):
    untouched = shutil.copy(book_path, tmp_path / "untouched.xlsm")
    run(untouched, as_of=SECOND)
    with opened(book_path) as book:
        place = table_of(book.sheets["Escalation"], "escalation").range
        header = cells_of(place)[0]
        one, other = header.index("Level"), header.index("Level before")
        header[one], header[other] = header[other], header[one]
        place.sheet.range((place.row, 1), (place.row, len(header))).value = [header]
    run(book_path, as_of=SECOND)
    assert contents(book_path) == contents(untouched)


def reworded(monkeypatch):
    """Give every label, title and sentence of the reports other words, in both languages."""
    for found in pkgutil.walk_packages(workbook.__path__, "workbook."):
        importlib.import_module(found.name)
    done = set()
    for name, module in list(sys.modules.items()):
        if not name.startswith("workbook.") or ".build" in name:
            continue
        for words in list(vars(module).values()):
            if isinstance(words, dict) and id(words) not in done and "word" in module_words(words):
                done.add(id(words))
                for key, pair in words.items():
                    monkeypatch.setitem(words, key, (f"{pair[0]}.", f"{pair[1]}。"))
    assert len(done) > 10
    return done


def module_words(words):
    pairs = words and all(isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in words.values())
    chinese = pairs and any("\u4e00" <= letter <= "\u9fff" for pair in words.values() for letter in pair[1])
    return "word" if chinese else ""


def test_p07_rewording_every_label_in_both_languages_changes_nothing(book_path, tmp_path, monkeypatch):
    untouched = shutil.copy(book_path, tmp_path / "untouched.xlsm")
    run(untouched, as_of=SECOND)
    before, _, gone = contents(untouched)
    reworded(monkeypatch)
    run(book_path, as_of=SECOND)
    after, added, archive = contents(book_path)
    assert {entry.value for entry in archive} - {"note on data_problems"} == {entry.value for entry in gone} - {"note on data_problems"}
    assert not any(added.values()), "none of our columns was taken for one of the analyst's"
    assert {key: list(columns) for key, columns in after.items()} == {key: list(columns) for key, columns in before.items()}
    for key in LEVELS[:-1]:
        assert after["escalation"][key] == before["escalation"][key]
    for report, key in (("promises", "promise_state"), ("watch_list", "warning"), ("watch_list", "was"), ("alerts", "warning"), ("alerts", "was")):
        assert after[report].get(f"code:{key}") == before[report].get(f"code:{key}"), (report, key)
    assert after["promises"]["code:promise_state"]
    assert after["watch_list"]["code:warning"]
    assert after["alerts"]["raised_on"] == before["alerts"]["raised_on"], "no alert was raised again"
    assert {**notes(book_path), "data_problems": []} == {**notes(untouched), "data_problems": []}


def test_p07_another_language_keeps_states_levels_and_notes(book_path, tmp_path):
    untouched = shutil.copy(book_path, tmp_path / "untouched.xlsm")
    run(untouched, as_of=SECOND)
    run(book_path, as_of=SECOND, overrides={"language": "zh"})
    before, after = contents(untouched)[0], contents(book_path)[0]
    assert {**notes(book_path), "data_problems": []} == {**notes(untouched), "data_problems": []}
    for report, key in (("escalation", "level"), ("promises", "code:promise_state"), ("watch_list", "since"), ("alerts", "raised_on")):
        assert after[report][key] == before[report][key]
    run(book_path, as_of=SECOND)
    assert {key: value for key, value in contents(book_path)[0].items() if key != "data_problems"} == {
        key: value for key, value in before.items() if key != "data_problems"
    }


def test_p07_a_note_archived_in_one_language_comes_back_in_the_other(book_path):
    with opened(book_path) as book:
        place = book.sheets["Contracts"].tables["Contracts"].range
        row = book.sheets["Contracts"].range((place.row + 1, 1), (place.row + 1, place.columns.count))
        top, width, kept = place.row + 1, place.columns.count, row.options("raw").value
        row.clear_contents()
    run(book_path, as_of=SECOND)
    assert "note on contract_terms" in [entry.value for entry in contents(book_path)[2]]
    with opened(book_path) as book:
        page = book.sheets["Contracts"]
        page.range((top, 1), (top, width)).options("raw").value = kept
    run(book_path, as_of=SECOND, overrides={"language": "zh"})
    assert notes(book_path)["contract_terms"] == ["note on contract_terms"]


# ---- what is gone


def levels(path):
    rows = contents(path)[0]["escalation"]
    return dict(zip(rows["document_no"], rows["level"], strict=True))


def without(path, label):
    """Delete a column of Escalation as Excel does: the cells move in, the name loses its place."""
    with opened(path) as book:
        page = book.sheets["Escalation"]
        place = table_of(page, "escalation").range
        rows = cells_of(place)
        at = rows[0].index(label)
        moved = [[*row[:at], *row[at + 1 :]] for row in rows]
        columns = {name.name: name for name in book.names if name.name.startswith(f"{PREFIX}escalation__")}
        table_of(page, "escalation").resize(page.range((place.row, 1), (place.row + len(rows) - 1, len(rows[0]) - 1)))
        page.range((place.row, len(rows[0])), (place.row + len(rows) - 1, len(rows[0]))).clear()
        page.range((place.row, 1), (place.row + len(rows) - 1, len(rows[0]) - 1)).options("raw").value = moved
        for name in columns.values():
            column = name.refers_to_range.column
            if column == at + 1:
                name.refers_to = "='Escalation'!#REF!"
            elif column > at + 1:
                name.refers_to = f"='Escalation'!{page.range((place.row, column - 1)).address}"


@pytest.mark.parametrize("label", ["Level", "Level before", "Level since", "Level by days", "Document", "Part"])
@pytest.mark.parametrize("day", [FIRST, SECOND])
def test_p07_a_deleted_state_column_lowers_no_level_and_is_told(book_path, label, day):
    was = levels(book_path)
    assert max(was.values()) >= 2
    without(book_path, label)
    made = run(book_path, as_of=day)
    now = levels(book_path)
    assert {document: (level, now[document]) for document, level in was.items() if now[document] < level} == {}
    told = [finding for finding in made.book.findings if finding.source == "Escalation" and finding.column == label]
    assert bool(told) == (label != "Level by days")
    assert "note on escalation" in [*notes(book_path)["escalation"], *(entry.value for entry in contents(book_path)[2])]


def test_p07_an_overtyped_level_is_not_taken_for_none(book_path):
    was = levels(book_path)
    with opened(book_path) as book:
        page = book.sheets["Escalation"]
        place = table_of(page, "escalation").range
        column = cells_of(place)[0].index("Level") + 1
        page.range((place.row + 1, column)).value = "lawyer"
        page.range((place.row + 2, column)).value = None
    made = run(book_path, as_of=SECOND)
    assert all(levels(book_path)[document] >= level for document, level in was.items())
    held = [row for row in table(book_path, "escalation") if "not known" in str(row["Held because"])]
    assert len(held) == 2
    assert made.sheets["escalation"].codes["no_letter"].sum() >= 2, "nobody is written to on a level that is not known"


def test_p07_a_workbook_from_before_the_keys_is_read_by_its_words_once(book_path, tmp_path):
    untouched = shutil.copy(book_path, tmp_path / "untouched.xlsm")
    run(untouched, as_of=SECOND)
    with opened(book_path) as book:
        for name in list(book.names):
            if name.name.startswith(KEPT) and not name.name.startswith("extent_"):
                name.delete()
    run(book_path, as_of=SECOND)
    assert contents(book_path) == contents(untouched)
    with opened(book_path, save=False) as book:
        count = sum(name.name.startswith(PREFIX) for name in book.names)
    assert count == sum(len(columns) - sum(key.startswith("code:") for key in columns) for columns in contents(book_path)[0].values())


def test_p07_an_old_workbook_whose_level_was_renamed_lowers_no_level(book_path):
    was = levels(book_path)
    with opened(book_path) as book:
        for name in list(book.names):
            if name.name.startswith(KEPT) and not name.name.startswith("extent_"):
                name.delete()
        place = table_of(book.sheets["Escalation"], "escalation").range
        header = cells_of(place)[0]
        for label, other in (("Level", "Stage"), ("Level since", "Since")):
            place.sheet.range((place.row, header.index(label) + 1)).value = other
    made = run(book_path, as_of=SECOND)
    now = levels(book_path)
    assert all(now[document] >= level for document, level in was.items())
    assert {finding.column for finding in made.book.findings if finding.source == "Escalation"} == {"Level", "Level since"}


def test_p07_a_column_of_the_analyst_called_like_one_of_ours_is_kept(book_path):
    noted = table(book_path, "escalation")[0]["Document"]
    with opened(book_path) as book:
        page = book.sheets["Escalation"]
        found = table_of(page, "escalation")
        header = cells_of(found.range)[0]
        width, last = len(header), found.range.row + found.range.rows.count - 1
        page.range((7, header.index("Note") + 1)).value = "Remark"
        page.range((7, width + 1), (7, width + 3)).value = [["Note", "level", "Level since"]]
        page.range((8, width + 1), (8, width + 3)).value = [["mine", "mine too", "and this"]]
        found.resize(page.range((7, 1), (last, width + 3)))
    run(book_path, as_of=SECOND)
    change_ledger(book_path, "INV-000", "Amount", 900)
    run(book_path, as_of=SECOND)
    first = next(row for row in table(book_path, "escalation") if row["Document"] == noted)
    assert first["Note"] == "note on escalation"
    assert list(first.values())[-3:] == ["mine", "mine too", "and this"]
    assert [entry for entry in contents(book_path)[2] if entry.report == "escalation"] == []
