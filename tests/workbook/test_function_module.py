"""The generated function module, run by a VBA interpreter against the real server code; what only Excel can show is checked by hand."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._values import EMPTY, VBAArray, VBAErrorValue

from tests import vba_machine
from tests.vba_machine import excel
from workbook.build.functions_module import WIZARD, function_modules, parameter, wizard_rows
from workbook.build.project import modules
from xladdin import __version__
from xladdin.call import call, cell_value
from xladdin.cells import ExcelError, serial_from_date
from xladdin.hosts.excel.server import COM_ERRORS
from xladdin.registry import functions, reports

DUE, DAY = 46000.0, 46050.0


@pytest.fixture
def running(monkeypatch):
    return excel(monkeypatch)


def vba(value):
    """A cell of an example as VBA hands it to a function."""
    if isinstance(value, (list, tuple)):
        rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
        if not rows:
            return EMPTY
        items = [vba(rows[row][column]) for column in range(len(rows[0])) for row in range(len(rows))]
        return VBAArray([(1, len(rows)), (1, len(rows[0]))], items=items)
    if isinstance(value, ExcelError):
        return VBAErrorValue(COM_ERRORS[value])
    if isinstance(value, dt.date):
        return float(serial_from_date(value))
    if value is None:
        return EMPTY
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def shown(value):
    """What a cell shows: a blank answer is an empty text."""
    if isinstance(value, list):
        return [shown(one) for one in value]
    return "" if value is None else vba(value)


def ask(app, name, *args):
    """Ask as a formula does; an array comes as rows."""
    value = app.interpreter.run(name, list(args))
    if isinstance(value, VBAArray):
        (top, bottom), (left, right) = value.bounds
        return [[value.get([row, column]) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
    return value


def counted(app):
    """Settings looked up, servers started, servers stopped, and the command line."""
    return app.interpreter.run("Told", [""]).items


def cell(app, address):
    return app.interpreter.run("Cell", [address])


@pytest.mark.parametrize("spec", functions().values(), ids=functions())
def test_every_example_answers_in_vba_what_the_function_answers(running, spec):
    app, _ = running
    for example in spec.examples:
        expected = cell_value(call(spec.name, *example.args).value)
        assert ask(app, spec.name, *map(vba, example.args)) == shown(expected), example.text


@pytest.mark.parametrize("spec", functions().values(), ids=functions())
def test_every_function_is_declared_with_its_arguments(spec):
    source = re.sub(r" _\n +", " ", function_modules(functions())["CreditFunctions"])
    declared = re.search(rf"^Public Function {spec.name}\((.*)\) As Variant$", source, re.MULTILINE)[1]
    wanted = [f"{'' if arg.required else 'Optional '}{parameter(spec, arg)} As Variant" for arg in spec.args]
    assert declared == ", ".join(wanted)


def test_a_linter_finds_nothing_to_warn_of_in_our_modules(tmp_path):
    for name, source in modules(reports(), function_modules(functions())).items():
        (tmp_path / f"{name}.{'cls' if 'VERSION 1.0 CLASS' in source else 'bas'}").write_bytes(source.encode("ascii"))
    tool = Path(sys.executable).with_name("pyvbaanalysis")
    ours = [part for name in ("CreditButtons", "CreditCalls", "CreditFunctions") for part in ("--only", name)]
    done = subprocess.run([tool, *ours, "--fail-level", "warning", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_new_question_is_one_round_trip_and_the_same_question_none(running):
    app, server = running
    assert ask(app, "AGINGBUCKET", DUE, DAY) == "31-60 days"
    assert len(server.calls) == 1
    ask(app, "AGINGBUCKET", DUE, DAY)
    ask(app, "AGINGBUCKET", DUE, DAY + 1)
    assert [args[:2] for _, args in server.calls] == [[DUE, DAY], [DUE, DAY + 1]]


def test_settings_are_looked_up_when_python_starts_and_never_again(running):
    app, _ = running
    ask(app, "AGINGBUCKET", DUE, DAY)
    at_start, started = counted(app)[:2]
    for day in range(50):
        ask(app, "AGINGBUCKET", DUE, DAY + day)
    assert counted(app)[:2] == [at_start, started]
    assert started == 1


def test_numbers_that_differ_in_their_last_digit_are_two_questions(running):
    app, server = running
    for number in (0.1 + 0.2, 0.3, 0.3):
        ask(app, "ALTMANZONE", "Z", number)
    assert len(server.calls) == 2


def test_the_command_line_is_the_same_for_every_workbook_and_names_the_version(running):
    app, _ = running
    ask(app, "AGINGBUCKET", DUE, DAY)
    command = counted(app)[3]
    assert command.startswith('"C:\\Py thon\\pythonw.exe" -B -c "import sys; sys.path[:0]=\'C:\\\\it\\\'s here\'.split(\';\'); ')
    assert command.endswith(f"from xladdin.hosts.excel.server import serve; serve('$(CLSID)')  # {__version__}\"")


def test_an_argument_left_out_takes_its_default_wherever_it_stands(running):
    app, server = running
    assert ask(app, "AGINGBUCKET", DUE, DAY, EMPTY, "zh") == call("AGINGBUCKET", DUE, DAY, language="zh").value
    assert server.calls[0][1][2] is None


def test_a_range_goes_over_whole_and_comes_back_as_rows(running):
    app, server = running
    app.sheet().set_value("A1", DUE)
    app.sheet().set_value("A2", DUE + 30)
    app.sheet().set_value("A3", VBAErrorValue(2042))
    assert ask(app, "AGINGBUCKET", cell(app, "A1:A3"), DAY) == [["31-60 days"], ["1-30 days"], [VBAErrorValue(2042)]]
    assert len(server.calls) == 1


@pytest.mark.parametrize(("answered", "expected"), [(None, ""), ([[None], [1.0]], [[""], [1.0]])])
def test_a_blank_answer_is_an_empty_text_and_not_zero(running, monkeypatch, answered, expected):
    app, _ = running
    monkeypatch.setattr(vba_machine, "answer", lambda _name, _args: [answered, None])
    assert ask(app, "AGINGBUCKET", DUE, DAY) == expected


def test_several_areas_in_brackets_are_refused_and_not_cut_to_the_first(running):
    app, server = running
    app.application.caller = cell(app, "D1")
    app.sheet().set_value("D1", VBAErrorValue(2015))
    assert ask(app, "AGINGBUCKET", cell(app, "A1,C1"), DAY) == VBAErrorValue(2015)
    assert server.calls == []
    assert ask(app, "CREDITWHY", cell(app, "D1")) == "an argument is one range; got several in brackets"


def test_creditwhy_gives_the_reason_of_a_cell_until_the_cell_is_right(running):
    app, _ = running
    app.application.caller = cell(app, "C3")
    app.sheet().set_value("C3", ask(app, "AGINGBUCKET", "soon", DAY))
    assert "soon" in ask(app, "CREDITWHY", cell(app, "C3"))
    app.application.caller = cell(app, "C3")
    app.sheet().set_value("C3", ask(app, "AGINGBUCKET", DUE, DAY))
    assert ask(app, "CREDITWHY", cell(app, "C3")) == ""


def test_creditwhy_of_a_column_answers_each_cell(running):
    app, _ = running
    for row, due in enumerate(["soon", DUE, "later"], start=1):
        app.application.caller = cell(app, f"C{row}")
        app.sheet().set_value(f"C{row}", ask(app, "AGINGBUCKET", due, DAY))
    app.application.caller = cell(app, "F1")
    reasons = ask(app, "CREDITWHY", cell(app, "C1:C3"))
    assert ["soon" in row[0] for row in reasons] == [True, False, False]
    assert reasons[1] == [""]
    assert "later" in reasons[2][0]


def test_a_server_that_died_is_started_once_more_and_the_cell_answers(running):
    app, server = running
    ask(app, "AGINGBUCKET", DUE, DAY)
    server.dead = 1
    assert ask(app, "AGINGBUCKET", DUE, DAY + 1) == "31-60 days"
    assert counted(app)[1:3] == [2, 1]


def test_a_server_that_dies_again_is_an_error_with_a_reason_and_is_left_alone_for_a_while(running):
    app, server = running
    app.application.caller = cell(app, "C3")
    server.dead = 2
    app.sheet().set_value("C3", ask(app, "AGINGBUCKET", DUE, DAY))
    assert app.sheet().value("C3") == VBAErrorValue(2042)
    started = counted(app)[1]
    for day in range(20):
        assert ask(app, "AGINGBUCKET", DUE, DAY + day) == VBAErrorValue(2042)
    assert counted(app)[1] == started, "a thousand cells must not start Python a thousand times"


@pytest.mark.parametrize(("fault", "said"), [("missing", ".dll could not be loaded from C:\\Py thon nor from the folder above it"), ("cannot", "Could not activate Python")])
def test_without_library_or_python_the_cell_says_so(running, fault, said):
    app, _ = running
    app.run("Tell", fault, True)
    app.application.caller = cell(app, "C3")
    app.sheet().set_value("C3", ask(app, "AGINGBUCKET", DUE, DAY))
    assert app.sheet().value("C3") == VBAErrorValue(2042)
    app.run("Tell", fault, False)
    kept = app.interpreter.run("AskedOf", [cell(app, "C3")]).items[1]
    assert said in kept
    assert "xladdin doctor excel" in kept


def test_the_wizard_gets_its_texts_from_the_workbook_in_its_language(running):
    app, _ = running
    page = app.application.active_book.add_sheet(WIZARD)
    rows = wizard_rows(functions(), "auto")  # the interpreter's Excel is a Chinese one
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            app.sheet(page.name).set_value(f"{chr(64 + column)}{number}", text)
    app.run("RegisterFunctions")
    told = {str(one["name"]).split("!")[-1]: one for one in app.application.registered}
    assert set(told) == set(functions())
    for name, spec in functions().items():
        assert told[name]["help"] == spec.help_zh
        assert told[name]["texts"].items == [arg.text_zh for arg in spec.args]


def test_a_button_hands_its_report_to_python_and_gives_excel_back_its_state(running):
    app, server = running
    app.run("RunAging")
    assert [task for task, _ in server.tasks] == ["aging"]
    assert server.tasks[0][1] is app.application.active_book
    assert (app.application.calculation, app.application.screen_updating, app.application.cursor) == (-4105, True, -4143)


def test_a_button_whose_python_breaks_off_says_so_and_gives_excel_back_its_state(running):
    app, server = running
    server.broken = VBARuntimeError(-2147023170, "The remote procedure call failed.")
    app.run("RefreshAll")
    assert "The remote procedure call failed." in app.dialogs[0][1]
    assert "xladdin doctor excel" in app.dialogs[0][1]
    assert (app.application.calculation, app.application.screen_updating, app.application.cursor) == (-4105, True, -4143)


def test_recalculate_forgets_what_was_answered_and_calculates_everything(running):
    app, server = running
    ask(app, "AGINGBUCKET", DUE, DAY)
    app.run("Recalculate")
    ask(app, "AGINGBUCKET", DUE, DAY)
    assert app.application.recalculated == 1
    assert len(server.calls) == 2
