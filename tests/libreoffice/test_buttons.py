"""The workbook's buttons in LibreOffice: the Runner on a hidden workbook, a failure in the middle, a click of a real mouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from xladdin.hosts.libreoffice.buttons import one_step
from xladdin.hosts.libreoffice.extension import build_extension
from xladdin.hosts.libreoffice.office import NoOffice, find_office, load_uno, running_office
from xladdin.registry import reports

try:
    load_uno(find_office())
    ABSENT = ""
except NoOffice as error:
    ABSENT = str(error)

pytestmark = [pytest.mark.libreoffice, pytest.mark.skipif(bool(ABSENT), reason=ABSENT or "LibreOffice is there")]
SCREEN = ("Xvfb", "xdotool")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oxt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLADDIN_LOG", str(folder / "log.txt"))
        with running_office(extension=build_extension(folder / "Credit.oxt")) as running:
            yield running


@pytest.fixture
def document(office, small):
    opened = office.load(small)
    yield opened
    opened.close(True)


def run(office, document, task):
    uno = load_uno()
    given = []
    for name, value in (("document", document), ("task", task)):
        one = uno.createUnoStruct("com.sun.star.beans.NamedValue")
        one.Name, one.Value = name, value
        given.append(one)
    return office.service("org.xladdin.CreditRunner").execute(tuple(given))


def contents(document, name):
    sheet = document.Sheets.getByName(name)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    address = cursor.getRangeAddress()
    return sheet.getCellRangeByPosition(0, 0, address.EndColumn, address.EndRow).getFormulaArray()


@pytest.mark.parametrize("key", reports())
def test_every_report_is_refreshed_in_the_open_workbook_and_can_be_undone(office, document, key):
    name = reports()[key].sheet
    before = contents(document, name)
    line = run(office, document, key)
    assert "1 report, 0 unreconciled" in line
    assert contents(document, name) != before
    assert run(office, document, "undo") == "the last refresh is undone"
    assert contents(document, name) == before


def test_check_data_tells_what_is_wrong_and_writes_nothing(office, document):
    before = {key: contents(document, one.sheet) for key, one in reports().items()}
    assert "errors" in (line := run(office, document, "check")), line
    assert "unreconciled" in line
    assert {key: contents(document, one.sheet) for key, one in reports().items()} == before


def test_a_task_nobody_knows_is_refused_and_nothing_changes(office, document):
    before = contents(document, "Aging")
    assert "there is no report nonsense" in run(office, document, "nonsense")
    assert contents(document, "Aging") == before
    assert not document.hasControllersLocked()


def test_a_report_that_fails_midway_leaves_the_workbook_as_it_was(document):
    sheet = document.Sheets.getByName("Aging")
    before = contents(document, "Aging")
    with pytest.raises(ZeroDivisionError), one_step(document, "Credit: aging"):  # noqa: PT012
        sheet.getCellRangeByName("A1:C40").setDataArray((("x", 1.0, 2.0),) * 40)
        sheet.Rows.insertByIndex(3, 5)
        document.getUndoManager().enterUndoContext("left open")
        sheet.getCellRangeByName("A1").CellBackColor = 0xFF0000
        document.lockControllers()
        raise ZeroDivisionError
    assert contents(document, "Aging") == before
    assert not document.hasControllersLocked()
    assert not document.getUndoManager().isRedoPossible()


@contextmanager
def screen():
    """A display of its own, for a visible office."""
    read, write = os.pipe()
    # LibreOffice starts twice in a fresh profile; between the two the display has no client and must not begin anew
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x1000x24", "-noreset", "-ac", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told, pytest.MonkeyPatch.context() as patch:
            patch.setenv("DISPLAY", f":{told.readline().strip()}")
            yield
    finally:
        server.terminate()
        server.wait(10)


def click(document, label):
    controller = document.getCurrentController()
    controller.setActiveSheet(document.Sheets.getByName("Control"))
    time.sleep(1)
    form = document.Sheets.getByName("Control").DrawPage.Forms.getByIndex(0)
    model = next(form.getByIndex(index) for index in range(form.Count) if form.getByIndex(index).Label == label)
    view = controller.getControl(model)
    corner, size = view.getAccessibleContext().getLocationOnScreen(), view.getPosSize()
    subprocess.run(["xdotool", "mousemove", "--sync", str(corner.X + size.Width // 2), str(corner.Y + size.Height // 2)], check=True, timeout=20)
    time.sleep(0.3)
    subprocess.run(["xdotool", "click", "1"], check=True, timeout=20)


@pytest.mark.slow
@pytest.mark.skipif(not all(map(shutil.which, SCREEN)), reason=f"needs {' and '.join(SCREEN)}")
def test_a_click_of_the_mouse_refreshes_aging_escalation_and_contract_terms(tmp_path, small):
    extension = build_extension(tmp_path / "Credit.oxt")
    with screen(), running_office(extension=extension, headless=False) as office:
        document = office.load(small, hidden=False)
        time.sleep(3)
        for key in ("aging", "escalation", "contract_terms"):
            before = contents(document, reports()[key].sheet)
            click(document, reports()[key].label)
            until = time.monotonic() + 30
            while contents(document, reports()[key].sheet) == before and time.monotonic() < until:
                time.sleep(0.2)
            time.sleep(0.5)
            document.getCurrentController().setActiveSheet(document.Sheets.getByName(reports()[key].sheet))
            time.sleep(1)
            picture(tmp_path / f"{key}.png")
            assert contents(document, reports()[key].sheet) != before, key
        document.close(True)


def picture(path: Path) -> None:
    """Keep what the screen shows, to be looked at; a run without imagemagick goes on without."""
    if shutil.which("import"):
        subprocess.run(["import", "-window", "root", str(path)], check=False, timeout=30)
