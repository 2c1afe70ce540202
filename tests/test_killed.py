"""Killed at any moment of a refresh, the workbook is the old one or the new one, whole, with every note in it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.workbook.test_refresh import note_of, run, type_into
from xladdin.hosts.file import check_file

#: has imported what a refresh needs, and for every line makes a process of its own that runs the command: a hundred starts of Python less
NURSERY = """
import os, sys
import duckdb, ibis, pandas, pyarrow
import xladdin.jobs.workbooks, xladdin.hosts.file.engine, workbook.refresh
from xladdin.cli import main
from xladdin.registry import reports
reports()
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        sys.argv[1:] = ["refresh", line.rstrip("\\n"), "--report", "escalation", "--as-of", "2026-06-29"]
        try:
            main()
        finally:
            os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def refresh_command(path):
    return [sys.executable, "-m", "xladdin", "refresh", str(path), "--report", "escalation", "--as-of", "2026-06-29"]


class Nursery:
    """Starts refreshes that are already warm."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def start(self, path):
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def wait(self):
        assert self.process.stdout.readline() == "ended\n"


def until(happened, child):
    """Look as often as can be whether something happened, as long as the child runs."""
    while not happened():
        if not Path(f"/proc/{child}").exists():
            return
        time.sleep(0.0005)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_refresh_killed_at_a_hundred_moments_leaves_the_old_or_the_new_workbook(small):
    run(small)
    type_into(small, "escalation", {"Document": "INV-007"}, "Note", "never lose me")
    old = small.read_bytes()
    nursery = Nursery()
    wholes = []
    for _ in range(3):
        small.write_bytes(old)
        nursery.start(small)
        start = time.perf_counter()
        nursery.wait()
        wholes.append(time.perf_counter() - start)
        assert small.read_bytes() != old, "the nursery does what the command does"
    whole = min(wholes)
    chance = random.Random(7)
    seen = {"old": 0, "new": 0}
    for attempt in range(100):
        small.write_bytes(old)
        child = nursery.start(small)
        # half of the kills anywhere in the run, half around its end, where the file is written
        time.sleep(chance.uniform(0, whole) if attempt % 2 else chance.uniform(0.7 * whole, 1.1 * whole))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        nursery.wait()
        if small.read_bytes() == old:
            seen["old"] += 1
            continue
        seen["new"] += 1
        assert check_file(small) == []
        assert note_of(small, "INV-007") == "never lose me"
    nursery.process.stdin.close()
    nursery.process.wait()
    assert seen["old"] > 0
    assert seen["new"] > 0
    small.write_bytes(old)
    subprocess.run(refresh_command(small), check=True, capture_output=True)
    left = [path.name for path in small.parent.iterdir() if path.name not in (small.name, ".credit-backups")]
    assert left == [], "what a killed run left behind is cleared by the next one"
