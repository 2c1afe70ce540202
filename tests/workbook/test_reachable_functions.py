"""What a cell can call: with the add-in installed a formula of any workbook, and of any CSV, reaches the functions of its modules by name.

Functions of a class or of a sheet's own module are out of its reach (Microsoft: "Create custom functions in Excel" knows those of a
module only); whether `Private` and `Option Private Module` keep a formula out is disputed, so neither is relied on.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from pyopenvba.exceptions import VBARuntimeError

from tests.vba_machine import excel
from tests.workbook.test_build import vba_modules
from workbook.build import build_addin
from xladdin.registry import functions

BUILT = ("small.xlsm", "Credit.xlam")
STATEMENT = re.compile(
    r"^\s*(?:(?:Public|Private|Friend|Global|Static)\s+)*(?:Declare\s+(?:PtrSafe\s+)?Function|Function|Property\s+(?:Get|Let|Set))\s+(\w+)", re.IGNORECASE
)


def statements(source: str) -> list[str]:
    """Part a module into statements: lines that go on are joined, comments and texts are left out."""
    joined = re.sub(r"[ \t]_\r?\n", " ", source)
    found = []
    for line in joined.splitlines():
        code = re.sub(r'"(?:[^"]|"")*"', '""', line)
        found += re.split(r":(?!=)", re.split(r"'|\bRem\b", code)[0])
    return found


def answering(modules: dict[str, str]) -> list[str]:
    """Name everything in modules that could answer a formula, whatever its scope and in whatever branch of a condition it stands."""
    return [
        match[1]
        for name, source in modules.items()
        if name.endswith(".bas")
        for match in map(STATEMENT.match, statements(source))
        if match
    ]


@pytest.fixture(scope="module")
def built(_built: Path) -> Path:
    build_addin(_built / "Credit.xlam")
    return _built


@pytest.mark.parametrize("name", BUILT)
def test_p03_a_cell_reaches_the_credit_functions_and_nothing_else(built: Path, name: str) -> None:
    assert answering(vba_modules(built / name)) == list(functions())


def test_p03_the_committed_workbook_has_no_other_function_either() -> None:
    assert answering(vba_modules(Path(__file__).parents[2] / "Credit.xlsm")) == list(functions())


@pytest.mark.parametrize("name", BUILT)
def test_p03_every_module_is_ours_and_the_kind_it_says(built: Path, name: str) -> None:
    modules = vba_modules(built / name)
    ours = {"CreditFunctions.bas", "CreditButtons.bas", "CreditCalls.cls"}
    assert {module for module in modules if not module.startswith(("sh", "ThisWorkbook"))} == ours
    for module in set(modules) - ours:
        assert module.endswith(".cls")
        assert answering({"x.bas": modules[module]}) == []


def test_the_reading_of_modules_finds_what_xlwings_own_module_would_bring() -> None:
    stock = resources.files("xlwings").joinpath("xlwings.bas").read_text("ascii")
    found = answering({"xlwings.bas": stock})
    assert {"RunPython", "ReadFile", "RunFrozenPython", "ExecuteWindows", "SaveConfigToFile", "sql", "XLPy", "XLPyDLLActivateAuto", "WScript"} <= set(found)


def hostile() -> list[str]:
    """Formulas that would run programs, read or write files through the module of xlwings, and through our own class."""
    stock = resources.files("xlwings").joinpath("xlwings.bas").read_text("ascii")
    names = [*dict.fromkeys(answering({"xlwings.bas": stock})), "Answer", "Asked", "NewWorkbook", "Server", "Setting", "LogOfMac", "ServerCommand", "LoadLibrary", "Target"]
    given = ("", '"import os"', '"C:\\x.exe", ""', '"a", "b", "c"')
    return [f"{name}({args})" for name in names for args in given]


def test_p03_hostile_formulas_find_no_function(monkeypatch: pytest.MonkeyPatch) -> None:
    app, server = excel(monkeypatch)
    in_the_place_of_windows = ("XLPyDLLActivateAuto(", "LoadLibrary(")  # modules of the tests, not of the workbook
    formulas = [formula for formula in hostile() if not formula.startswith(in_the_place_of_windows)]
    assert len(formulas) > 150
    for formula in formulas:
        with pytest.raises(VBARuntimeError, match="not defined"):
            app.evaluate(formula)
    assert app.evaluate("DAYSOVERDUE(46200, 46203)") == 3
    assert len(server.calls) == 1
