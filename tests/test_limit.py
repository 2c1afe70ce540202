"""The limit of the suite: a test that never ends is ended, said by name, and the others are run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = """
from tests.limit import pytest_runtest_call, pytest_runtest_setup, pytest_runtest_teardown
def pytest_addoption(parser):
    parser.addoption("--limit", type=float, default=600)
"""
HANGS = {
    "a sleep": "time.sleep(600)",
    "a loop": "while True: pass",
    "a lock": "threading.Lock().acquire(); lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "a child": "subprocess.run(['sleep', '600'])",
    "a thread": "one = threading.Thread(target=time.sleep, args=(600,), daemon=True); one.start(); one.join()",
    "a socket": "server = socket.create_server(('127.0.0.1', 0)); server.accept()",
}
HARD = "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); time.sleep(600)"  # as a call that does not come back to Python


def suite(folder, *words, **tests):
    (folder / "conftest.py").write_text(CONFTEST)
    body = "import signal, socket, subprocess, threading, time\nimport pytest\n"
    (folder / "test_it.py").write_text(body + "".join(f"def test_{name}():\n    {text}\n" for name, text in tests.items()))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), *words, str(folder)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)})


needs_alarm = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="Windows has no alarm; there the process is ended")


@needs_alarm
def test_p22_a_test_that_never_ends_fails_and_the_next_one_is_run(tmp_path):
    names = {name.replace(" ", "_"): text for name, text in HANGS.items()}
    done = suite(tmp_path, "--limit", "1", "-p", "no:xdist", **names, z_after="pass")
    assert f"{len(HANGS)} failed, 1 passed" in done.stdout, done.stdout
    for name in names:
        assert f"test_{name} did not come to an end within 1 s" in done.stdout


@needs_alarm
def test_p22_a_fixture_that_never_ends_fails_as_well(tmp_path):
    (tmp_path / "test_more.py").write_text(
        "import time, pytest\n@pytest.fixture\ndef slow():\n    time.sleep(600)\n@pytest.fixture\ndef late():\n    yield\n    time.sleep(600)\n"
        "def test_setup(slow): pass\ndef test_down(late): pass\n"
    )
    done = suite(tmp_path, "--limit", "1", "-p", "no:xdist", after="pass")
    assert "2 passed, 2 errors" in done.stdout, done.stdout


@needs_alarm
def test_p22_a_call_that_never_comes_back_ends_one_worker_and_says_where_it_was(tmp_path):
    done = suite(tmp_path, "--limit", "1", "-n", "1", hard=HARD, z_after="pass")
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "crashed while running" in done.stdout
    assert "test_it.py" in done.stderr + done.stdout


def test_p22_a_test_with_a_mark_has_its_own_limit(tmp_path):
    (tmp_path / "test_marked.py").write_text("import time, pytest\n@pytest.mark.limit(60)\ndef test_it(): time.sleep(1.5)\n")
    done = suite(tmp_path, "--limit", "1", "-p", "no:xdist", "-W", "ignore", after="pass")
    assert "2 passed" in done.stdout, done.stdout


def test_p22_the_limit_holds_for_this_very_test(request):
    assert request.config.getoption("--limit") > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
