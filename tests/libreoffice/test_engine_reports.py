"""Reports refreshed in place in a live LibreOffice, and whole recalculation of closed files: the same as everywhere, faults included."""

from __future__ import annotations

import shutil
import threading
import time

import pytest
import xlwings as xw

from tests.conftest import AS_OF
from workbook.refresh import refresh
from xladdin.hosts.file import open_book
from xladdin.hosts.libreoffice.buttons import run
from xladdin.hosts.libreoffice.engine import open_in_office, quiet
from xladdin.hosts.libreoffice.office import NoOffice, OfficeGone, end_process, find_office, running_office
from xladdin.hosts.libreoffice.recalc import recalculate_in_office
from xladdin.jobs import workbooks as jobs
from xladdin.registry import reports

pytestmark = pytest.mark.libreoffice


def cells(book):
    """Every value of every report sheet; a blank is a blank, whatever it is called."""
    found = {}
    for page in book.sheets:
        if page.name in {one.sheet for one in reports().values()} | {"Archive", "Control"}:
            last = page.used_range.last_cell
            for r, row in enumerate(page.range((1, 1), (last.row, last.column)).options("raw", ndim=2).value, 1):
                found |= {(page.name, r, c): value for c, value in enumerate(row, 1) if value not in (None, "")}
    return found


@pytest.fixture
def live(calc, small):
    book = open_in_office(small, calc)
    yield book
    book.impl.document.close(True)


def formula_cells(book):
    texts = set()
    for page in book.sheets:
        last = page.used_range.last_cell
        for r, row in enumerate(page.range((1, 1), (last.row, last.column)).options("raw", ndim=2).formula if last.row * last.column > 1 else [], 1):
            texts |= {(page.name, r, c) for c, text in enumerate(row, 1) if str(text).startswith("=")}
    return texts


def test_every_report_shows_the_values_it_shows_in_a_closed_file(live, small, tmp_path):
    other = tmp_path / "other" / small.name
    other.parent.mkdir()
    shutil.copy(small, other)
    closed = open_book(other)
    refresh(closed, today=AS_OF)
    skip = formula_cells(closed)
    with quiet(live.impl.document):
        refresh(live, today=AS_OF)
    here, there = cells(live), cells(closed)
    assert {key: value for key, value in here.items() if key not in skip} == {key: value for key, value in there.items() if key not in skip}
    assert len(here) > 500
    for one in reports().values():
        ours, theirs = ({table.name: table.range.address for table in book.sheets[one.sheet].tables} for book in (live, closed))
        assert ours == theirs


def test_a_second_refresh_changes_nothing(live):
    refresh(live, today=AS_OF)
    before = cells(live)
    refresh(live, today=AS_OF)
    assert cells(live) == before


def test_a_typed_note_stays_with_its_row(live):
    refresh(live, today=AS_OF, keys=["escalation"])
    table = live.sheets["Escalation"].tables["rpt_escalation"]
    header = table.header_row_range.value
    note, number = header.index("Note"), header.index("Document")
    last = table.range.last_cell.row
    who = live.sheets["Escalation"].range((last, number + 1)).value
    live.sheets["Escalation"].range((last, note + 1)).value = "called, 不接电话"
    refresh(live, today=AS_OF, keys=["escalation"])
    rows = [row for row in live.sheets["Escalation"].tables["rpt_escalation"].data_body_range.options(ndim=2).value if row[note]]
    assert [(row[number], row[note]) for row in rows] == [(who, "called, 不接电话")]


def test_a_template_format_spreads_over_the_report(live):
    page = live.sheets["Aging"]
    page.range((8, 4)).horizontal_alignment = "center"
    refresh(live, today=AS_OF, keys=["aging"])
    last = page.tables["rpt_aging"].range.last_cell.row
    assert page.range((last, 4)).horizontal_alignment == "center"
    assert page.range((last, 4)).number_format == "#,##0.00;[Red]-#,##0.00;–"


def test_undo_takes_a_whole_refresh_back(live):
    before = cells(live)
    run("all", live.impl.document)
    assert cells(live) != before
    run("undo", live.impl.document)
    assert cells(live) == before


def test_a_report_that_raises_in_the_middle_changes_nothing_and_frees_the_screen(live, monkeypatch):
    before = cells(live)
    calls = []

    def failing(*args):
        calls.append(args)
        raise ZeroDivisionError("in the middle")

    monkeypatch.setattr("workbook.render._below", failing)
    with pytest.raises(ZeroDivisionError):
        run("aging", live.impl.document)
    assert calls
    assert cells(live) == before
    assert not live.impl.document.hasControllersLocked()


def test_a_document_closed_during_a_report_is_said_in_words(calc, small):
    book = open_in_office(small, calc)
    document = book.impl.document

    def closing(step):
        if step != "…":
            document.close(True)

    with pytest.raises(OfficeGone, match="was closed, before the work was done"), quiet(document):
        refresh(book, today=AS_OF, progress=closing)


def test_no_libreoffice_is_said_with_what_to_do(small, monkeypatch):
    monkeypatch.setenv("XLADDIN_SOFFICE", "/nowhere/soffice")
    before = small.read_bytes()
    with pytest.raises(NoOffice, match="name its soffice program in XLADDIN_SOFFICE"):
        jobs.recalc_file(small, engine="libreoffice")
    assert small.read_bytes() == before


def test_a_libreoffice_too_old_is_named(tmp_path):
    (tmp_path / "soffice").write_text("")
    (tmp_path / "bootstraprc").write_text("[Bootstrap]\nProductKey=LibreOffice 6.4\n")
    with pytest.raises(NoOffice, match=r"LibreOffice 6\.4 at .* is too old: install 7\.3 or later"):
        find_office(tmp_path / "soffice")


def test_a_closed_file_is_recalculated_whole_and_nothing_is_left(small):
    done = jobs.refresh_file(small, None, None, {}, engine="libreoffice")
    assert done.code in (0, 1)
    again = jobs.recalc_file(small, engine="libreoffice")
    assert "0 formulas left" in again.lines[0]
    assert again.data["changed"] == 0


def test_soffice_killed_in_the_middle_leaves_the_workbook_as_it_was(small):
    before = small.read_bytes()
    book = open_book(small)

    def killed(office):
        threading.Thread(target=lambda: (time.sleep(0.1), end_process(office))).start()

    with pytest.raises(OfficeGone, match="LibreOffice ended"):
        recalculate_in_office(book, started=killed)
    book.close()
    assert small.read_bytes() == before


def test_a_process_of_ours_is_gone_afterwards():
    with running_office() as office:
        process = office.process
    assert process.poll() is not None


def test_the_engine_is_known_to_xlwings_by_name(live):
    assert live.app.engine.name == "libreoffice"
    assert "libreoffice" in [engine.name for engine in xw.engines]
