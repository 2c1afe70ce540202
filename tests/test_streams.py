"""A standard output that is closed, full or not read any more: the exit code says what was done with the workbook, and a line what was not."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from xladdin.hosts.file import list_backups

LOST = "done, but the answer could not be written to the standard output: No space left on device"
pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a shell and /dev/full")


def ran(words, how):
    """Run the command in a shell, its streams led elsewhere."""
    line = f"set -o pipefail; {shlex.join([sys.executable, '-m', 'xladdin', *map(str, words)])} {how}"
    return subprocess.run(["bash", "-c", line], check=False, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(("how", "code", "line"), [(">&-", 0, ""), ("| true", 0, ""), (">/dev/full", 1, LOST), (">&- 2>&- <&-", 0, "")])
@pytest.mark.parametrize("answer", [[], ["--json", "-"]], ids=["a line", "JSON"])
def test_p28_a_workbook_that_was_written_is_never_said_to_be_unchanged(small, how, code, line, answer):
    before = small.read_bytes()
    done = ran(["refresh", small, "--report", "aging", *answer], how)
    assert (done.returncode, done.stderr.strip().removeprefix("xladdin: ")) == (code, line)
    assert small.read_bytes() != before
    assert len(list_backups(small)) == 1
    assert ran(["undo", small], how).returncode == code
    assert small.read_bytes() == before


@pytest.mark.parametrize(("how", "code"), [(">&-", 0), ("| true", 0), ("| head -c 1", 0), (">/dev/full", 2)])
@pytest.mark.parametrize("words", [["show", "WORKBOOK", "Ledger"], ["functions", "--json"], ["--version"], ["--help"], ["call", "NETDAYS"]])
def test_p28_an_answer_that_nobody_gets_is_no_answer(small, how, code, words):
    if words[0] == "call":
        code = 2  # refused anyway
    done = ran([small if word == "WORKBOOK" else word for word in words], how)
    assert done.returncode == code
    assert "failed inside" not in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (code == 2)


@pytest.mark.parametrize("how", ["2>&-", "2>/dev/full", ">&- 2>&- <&-"])
def test_p28_where_no_line_can_be_written_the_exit_code_still_tells(small, how):
    assert ran(["show", small.with_name("no.xlsm"), "Ledger"], how).returncode == 2
    assert ran(["show", small, "Ledger"], how).returncode == 0


def test_p28_no_file_gets_the_number_of_a_closed_stream(small):
    """What is printed to a closed stream would else go into the file that was opened next."""
    code = "import os, sys; from xladdin.streams import take_over; take_over(); print(os.open(sys.argv[1], os.O_RDONLY) > 2, file=open(sys.argv[2], 'w'))"
    line = f"{shlex.join([sys.executable, '-c', code, str(small), str(small.with_name('told'))])} <&- >&- 2>&-"
    subprocess.run(["bash", "-c", line], check=True, timeout=60)
    assert small.with_name("told").read_text() == "True\n"
