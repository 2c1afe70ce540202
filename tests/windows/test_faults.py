"""What can go wrong between Excel and Python: each fault has an outcome in words, and nothing hangs."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from tests.hosts.excel_host import ComServer
from tests.vba_machine import excel as vba
from tests.windows.bridge import CACHE, Bridge, connected, library, marks, server_command, windows
from xladdin.hosts.excel.server import SCRIPT
from xladdin.registry import functions

pytestmark = list(marks)
GOOD = ("DAYSOVERDUE", 46200, 46203)
ANSWER = {"value": {"list": [3.0, None], "from": 0}}
COLUMN = [{"repeat": 46200, "rows": 1_000_000}, 46203]
AT_ONCE = 15  # seconds; Wine's own waits included
#: what no formula should hand over, or only by mistake
WRONG: tuple[Any, ...] = (
    True, -1, 1e308, -1e308, 0, 3_000_000, "", "=1+1", "x" * 32_767, "无此项", "\ud800", "a\x00b", {"e": 2042}, {"e": 2045}, {"e": 1}, {"n": 0}, {"missing": 0},
    {"i": 7}, {"raw": [2, 7]}, {"raw": [7, 4676829883349860352]}, {"raw": [6, 12345]}, {"raw": [9, 0]}, {"raw": [14, 0]}, {"raw": [17, 9]}, {"raw": [20, 9]},
    [], [[]], [[1, 2], [3]], [[[1]], [[2]]], [1, [2]], {"list": [{"list": [{"list": [1]}]}]}, [[{"e": 2007}, None], ["x", True]], [["x"] * 300], {"repeat": None, "rows": 5000},
)  # fmt: skip


@pytest.fixture
def excel() -> Any:
    with connected() as bridge:
        yield bridge


@pytest.fixture(scope="module")
def kept() -> Any:
    with connected() as bridge:
        yield bridge


def test_two_hundred_wrong_arguments_get_a_value_or_an_error_with_a_reason(kept: Bridge) -> None:
    chance = random.Random(5)
    names = list(functions())
    before = kept.pids()
    for index in range(200):
        spec = functions()[names[index % len(names)]]
        args = [WRONG[index % len(WRONG)], *chance.choices(WRONG, k=len(spec.args) - 1)]
        answer = kept.ask(spec.name, *args)
        assert "value" in answer, f"{spec.name}{args}: {answer}"
        value, reasons = answer["value"]["list"]
        if isinstance(value, dict) and "i" in value:
            assert reasons is not None, f"{spec.name}{args} is an error without a reason"
            assert "please report" not in reasons["rows"][0][2], f"{spec.name}{args}: {reasons}"
    assert kept.ask(*GOOD) == ANSWER
    assert kept.pids() == before


def test_workbooks_of_one_version_share_a_python_and_another_version_has_its_own(excel: Bridge) -> None:
    excel.start()
    assert len(excel.pids()) == 1
    excel.start(more=" of another version")
    assert len(excel.pids()) == 2
    assert excel.ask(*GOOD) == ANSWER


def test_a_server_killed_between_calls_is_told_at_once_and_started_again(excel: Bridge) -> None:
    assert excel.ask(*GOOD) == ANSWER
    excel.kill_server()
    assert excel.ask(*GOOD, limit=AT_ONCE)["error"].startswith("800706B"), "the call failed (E) or no server is there (A)"
    excel.start(more=" again")
    assert excel.ask(*GOOD) == ANSWER


def test_a_server_killed_during_a_call_is_an_error_at_once_and_the_next_one_answers(excel: Bridge) -> None:
    assert excel.ask(*GOOD) == ANSWER
    excel.send("ask", SCRIPT, "DAYSOVERDUE", COLUMN)
    excel.wait_until_busy(1)
    excel.kill_server()
    assert excel.receive(AT_ONCE)["error"].startswith("800706B")
    excel.start(more=" again")
    assert excel.ask(*GOOD) == ANSWER


def test_a_cell_answers_although_its_server_was_killed(excel: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = vba(monkeypatch)
    app.run("Tell", "server", ComServer(excel))
    assert app.interpreter.run("DAYSOVERDUE", [46200.0, 46203.0]) == 3
    excel.kill_server()
    assert app.interpreter.run("DAYSOVERDUE", [46200.0, 46204.0]) == 4, "the workbook's VBA lets the library start it once more"
    assert len(excel.pids()) == 1


def test_a_client_that_is_killed_leaves_no_server_behind(excel: Bridge) -> None:
    excel.kill_client()
    until = time.monotonic() + AT_ONCE
    while excel.pids() and time.monotonic() < until:
        time.sleep(0.1)
    assert excel.pids() == []


def test_a_missing_library_is_told_by_windows(kept: Bridge) -> None:
    assert "not find" in kept.do("load", windows(CACHE / "py" / "xlwings64-0.0.0.dll"))["error"].lower()
    assert kept.ask(*GOOD) == ANSWER


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"python": r"Z:\nowhere\pythonw.exe"}, "Could not create Python process"),
        ({"code": "import xladdin_is_not_here"}, "Python process exited before"),
        ({"code": "raise SystemExit(0)"}, "Python process exited before"),
    ],
    ids=["no Python", "no product", "a Python that ends"],
)
def test_a_python_that_cannot_start_is_told_in_words(kept: Bridge, given: dict[str, str], said: str) -> None:
    kept.do("load", library())
    answer = kept.do("start", server_command(kept.mark + " cannot", **given), limit=AT_ONCE)
    assert said in answer["error"]
    assert kept.ask(*GOOD) == ANSWER, "the server that runs goes on"
