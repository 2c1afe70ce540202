"""LibreOffice that dies, hangs or is left behind: the command says one line and goes on, and nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from xladdin.errors import BadRequest
from xladdin.hosts.file import open_book
from xladdin.hosts.libreoffice.office import LIMIT_VARIABLE, NoOffice, OfficeGone, end_process, find_office, load_uno, running_office
from xladdin.hosts.libreoffice.recalc import recalculate_in_office

try:
    load_uno(find_office())
    ABSENT = ""
except NoOffice as error:
    ABSENT = str(error)

pytestmark = [
    pytest.mark.libreoffice, pytest.mark.skipif(bool(ABSENT) or os.name == "nt", reason=ABSENT or "signals of Unix"),
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]


def later(seconds, does, *given):
    threading.Thread(target=lambda: (time.sleep(seconds), does(*given)), daemon=True).start()


def offices(folder):
    """Processes of LibreOffice that were started below a folder."""
    found = subprocess.run(["pgrep", "-af", "soffice"], check=False, capture_output=True, text=True, timeout=20).stdout
    return [line for line in found.splitlines() if str(folder) in line]


@pytest.mark.slow
def test_p22_libreoffice_killed_at_any_moment_of_its_work_is_a_line(small, monkeypatch, tmp_path):
    """Its bridge may abort the process that calls it; that is not ours."""
    monkeypatch.chdir(tmp_path)
    before, seen = small.read_bytes(), []
    for moment in range(10):
        book = open_book(small)
        try:
            recalculate_in_office(book, started=lambda office, moment=moment: later(0.15 * moment, end_process, office))
            seen.append("done")
        except OfficeGone as error:
            seen.append(str(error))
        book.close()
        assert small.read_bytes() == before
    assert sum(text.startswith("LibreOffice ended") for text in seen) >= 3, seen
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("core")] == []


def test_p22_a_command_whose_libreoffice_dies_says_one_line_and_changes_nothing(small, tmp_path):
    before = small.read_bytes()
    fake = tmp_path / "soffice"  # dies in the middle of its start, as one does that the system kills for its memory
    fake.write_text("#!/bin/sh\nkill -9 $$\n")
    fake.chmod(0o755)
    (tmp_path / "bootstraprc").write_text("[Bootstrap]\nProductKey=LibreOffice 7.4\n")
    words = [sys.executable, "-m", "xladdin", "recalc", str(small), "--engine", "libreoffice"]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=120, env=os.environ | {"XLADDIN_SOFFICE": str(fake)}, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "ended while starting" in done.stderr
    assert small.read_bytes() == before


def test_p22_libreoffice_that_hangs_is_ended_at_the_limit(small, monkeypatch):
    monkeypatch.setenv(LIMIT_VARIABLE, "4")
    before, began, seen = small.read_bytes(), time.monotonic(), []
    book = open_book(small)

    def stopped(office):
        seen.append(office)
        os.kill(office, signal.SIGSTOP)

    with pytest.raises(OfficeGone, match=r"did not come to an end within 4 s and was ended: nothing was saved"):
        recalculate_in_office(book, started=stopped)
    book.close()
    assert time.monotonic() - began < 60
    assert not Path(f"/proc/{seen[0]}").exists()
    assert small.read_bytes() == before


def test_p22_a_call_over_the_bridge_ends_at_the_limit(monkeypatch):
    """As in `picture`, or with a document that waits for an answer nobody can give. In a process of its own: it may be aborted."""
    code = (
        "import os, signal, sys\n"
        "from xladdin.hosts.libreoffice.office import OfficeGone, running_office\n"
        "try:\n"
        "    with running_office() as office:\n"
        "        document = office.new()\n"
        "        os.kill(office.process.pid, signal.SIGSTOP)\n"
        "        with office.watched():\n"
        "            document.calculateAll()\n"
        "except OfficeGone as error:\n"
        "    print(error, flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=150, cwd=ROOT, env=os.environ | {LIMIT_VARIABLE: "3"}
    )
    assert done.returncode in (0, -signal.SIGABRT), done.stderr
    assert done.returncode or "did not come to an end within 3 s" in done.stdout


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "1e99"])
def test_p22_a_limit_that_is_none_is_refused(monkeypatch, small, text):
    monkeypatch.setenv(LIMIT_VARIABLE, text)
    book = open_book(small)
    with pytest.raises(BadRequest, match=f"{LIMIT_VARIABLE} must be a number of seconds above 0"):
        recalculate_in_office(book)
    book.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_p22_a_command_that_is_ended_leaves_no_libreoffice_behind(small, tmp_path, how):
    """Not even one that is just starting, as it is here."""
    words = [sys.executable, "-m", "xladdin", "recalc", str(small), "--engine", "libreoffice"]
    folder = tmp_path / "temporary"
    folder.mkdir()
    run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"TMPDIR": str(folder)}, cwd=ROOT)
    until = time.monotonic() + 60
    while not offices(folder) and time.monotonic() < until and run.poll() is None:
        time.sleep(0.02)
    assert offices(folder)
    run.send_signal(how)
    run.wait(60)
    until = time.monotonic() + 30
    while offices(folder) and time.monotonic() < until:
        time.sleep(0.1)
    assert offices(folder) == []


def test_p22_the_plug_in_of_its_windows_is_named(monkeypatch):
    from xladdin.hosts.libreoffice.office import _environment

    monkeypatch.setenv("SAL_USE_VCLPLUGIN", "gtk3")
    assert _environment(headless=True)["SAL_USE_VCLPLUGIN"] == "svp"
    assert _environment(headless=False)["SAL_USE_VCLPLUGIN"] == "gen"


def test_p22_nothing_of_a_process_of_ours_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with running_office() as office:
        number = office.process.pid
    assert not Path(f"/proc/{number}").exists()
    assert list(tmp_path.iterdir()) == []
