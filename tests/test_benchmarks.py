"""What measures says the truth: a peer that failed has no ratio, and a command's memory is its own."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.measure import measured, own_gigabytes


@pytest.mark.parametrize(
    "code",
    ["import no_such_peer", "import sys; sys.exit(3)", "import sys; print('Traceback (most recent call last):', file=sys.stderr)"],
)
def test_p30_a_peer_that_fails_ends_the_benchmark_instead_of_giving_a_ratio(code):
    with pytest.raises(SystemExit, match="failed"):
        measured([sys.executable, "-c", code], (0, 1))


def test_p30_what_a_command_says_and_its_findings_come_back():
    made = measured([sys.executable, "-c", "import sys; print('rows'); sys.exit(1)"], (0, 1))
    assert made.said == "rows\n"
    assert made.clock > 0


def test_p30_the_memory_of_a_command_is_not_that_of_the_process_that_starts_it():
    held = np.ones(50_000_000)  # 0.4 GB of ours
    made = measured([sys.executable, "-S", "-c", "print(1)"])
    assert held.sum() == 50_000_000
    assert made.gigabytes < 0.1
    taken = measured([sys.executable, "-S", "-c", "x = bytearray(300_000_000); print(len(x))"])
    assert 0.25 < taken.gigabytes < 0.4


def test_p30_a_program_counts_its_own_memory():
    code = "from benchmarks.measure import own_gigabytes; print(own_gigabytes())"
    held = np.ones(50_000_000)
    said = measured([sys.executable, "-c", code]).said
    assert held.any()
    assert float(said) < 0.15 < own_gigabytes()
