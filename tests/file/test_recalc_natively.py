"""The calculator outside a spreadsheet gives what spreadsheets give: every function it may use is compared."""

from __future__ import annotations

import datetime as dt
import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.file.native_formulas import CELLS, EXCEL, FORMULAS
from tests.file.recalc_books import NOW, values_of, write_book
from xladdin.hosts.file.calculator import Block, Job, Spot, Trouble
from xladdin.hosts.file.checked_functions import CHECKED
from xladdin.hosts.file.formualizer_calculator import FormualizerCalculator
from xladdin.hosts.file.formulas import to_file

#: what the calculator is known to get wrong, and therefore may not use
WRONG = ("TEXT", "UPPER", "LOWER", "PROPER", "IRR", "AGGREGATE", "FREQUENCY")
#: texts that differ only in capital letters outside ASCII are the same to Excel, not to the calculator
KNOWN = {'="Ü"="ü"', "=CHAR(200)", "=CHAR(128)", '=CODE("È")'}  # LibreOffice has the code page of the system
ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def functions_of(formula: str) -> set[str]:
    return set(re.findall(r"([A-Z][A-Z0-9]*(?:\.[A-Z0-9]+)*)\(", re.sub(r'"[^"]*"', "", formula)))


def calculated() -> dict[str, Any]:
    grid = [[None] * 8 for _ in range(6)]
    job = Job(["S"], NOW)
    for address, value in CELLS.items():
        spot = Spot("S", int(address[1]), ord(address[0]) - 64)
        if isinstance(value, str) and value.startswith("="):
            job.formulas[spot] = value
        else:
            grid[spot.row - 1][spot.column - 1] = value or None if isinstance(value, str) else value
    job.blocks.append(Block(Spot("S", 1, 1), grid))
    spots = {formula: Spot("S", row, 20) for row, formula in enumerate(FORMULAS, 1)}
    job.formulas |= {spot: formula for formula, spot in spots.items()}
    job.wanted = list(spots.values())
    made = FormualizerCalculator().calculate(job)
    return {formula: made[spot] for formula, spot in spots.items()}


def alike(one: Any, other: Any) -> bool:
    numbers = [isinstance(value, (int, float)) and not isinstance(value, bool) for value in (one, other)]
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) if all(numbers) else one == other or {one, other} == {"", None}


def serial(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    return value


def test_every_function_that_may_be_used_is_compared() -> None:
    compared = {name for formula in FORMULAS for name in functions_of(formula)}
    assert compared - set(WRONG) == CHECKED
    assert not [name for name in CHECKED if not FormualizerCalculator().knows(name)]
    assert not [name for name in (*WRONG, "CELL", "RAND", "WEBSERVICE", "NOSUCH") if FormualizerCalculator().knows(name)]


def test_where_programs_differ_the_calculator_follows_excel() -> None:
    made = calculated()
    for formula, expected in EXCEL.items():
        if expected is not None:
            assert alike(made[formula], expected), formula


@pytest.mark.libreoffice
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_native_formulas_give_what_libreoffice_gives(tmp_path: Path) -> None:
    formulas = {f"T{row}": "=" + to_file(formula) for row, formula in enumerate(FORMULAS, 1)}
    path = write_book(tmp_path / "native.xlsx", {"S": CELLS | formulas})
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_CALCULATE)
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*command, "--outdir", str(tmp_path / "out"), str(path)], check=True, capture_output=True, timeout=180)
    values = values_of(tmp_path / "out" / "native.xlsx")
    made = calculated()
    different = []
    for row, formula in enumerate(FORMULAS, 1):
        if formula in EXCEL or formula in KNOWN or functions_of(formula) & set(WRONG):
            continue
        expected = serial(values[f"S!T{row}"])
        if isinstance(made[formula], Trouble) or not alike(made[formula], expected):
            different.append((formula, made[formula], expected))
    assert not different
