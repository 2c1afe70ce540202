"""Killed at any moment of a refresh, the workbook is the old one or the new one, whole, with every note in it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.workbook.test_refresh import note_of, run, type_into
from xladdin.hosts.file import check_file


def refresh_command(path):
    return [sys.executable, "-m", "xladdin", "refresh", str(path), "--as-of", "2026-06-29"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_refresh_killed_at_a_hundred_moments_leaves_the_old_or_the_new_workbook(small):
    run(small)
    type_into(small, "escalation", {"Document": "INV-007"}, "Note", "never lose me")
    old = small.read_bytes()
    start = time.perf_counter()
    subprocess.run(refresh_command(small), check=True, capture_output=True)
    whole = time.perf_counter() - start
    chance = random.Random(7)
    seen = {"old": 0, "new": 0}
    for attempt in range(100):
        small.write_bytes(old)
        process = subprocess.Popen(refresh_command(small), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # half of the kills anywhere in the run, half around its end, where the file is written
        time.sleep(chance.uniform(0, whole) if attempt % 2 else chance.uniform(0.7 * whole, 1.1 * whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if small.read_bytes() == old:
            seen["old"] += 1
            continue
        seen["new"] += 1
        assert check_file(small) == []
        assert note_of(small, "INV-007") == "never lose me"
    assert seen["old"] > 0
    small.write_bytes(old)
    subprocess.run(refresh_command(small), check=True, capture_output=True)
    left = [path.name for path in small.parent.iterdir() if path.name not in (small.name, ".credit-backups")]
    assert left == [], "what a killed run left behind is cleared by the next one"
