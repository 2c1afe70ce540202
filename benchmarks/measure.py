"""A command measured as a process of its own: its time, its memory and nobody else's; one that fails ends the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

#: Linux counts the memory that a process had before it became the command: so a small process starts it, not this one with its ledgers.
_LAUNCH = """
import json, os, subprocess, sys, time
start = time.perf_counter()
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - start
told = {"code": os.waitstatus_to_exitcode(status), "clock": seconds, "processor": usage.ru_utime + usage.ru_stime, "kilobytes": usage.ru_maxrss}
open(sys.argv[1], "w").write(json.dumps(told))
"""


class Measured(NamedTuple):
    """Seconds by the clock and of processor, the largest memory in GiB, and what the command printed."""

    clock: float
    processor: float
    gigabytes: float
    said: str


def measured(command: list[str], fine: tuple[int, ...] = (0,)) -> Measured:
    """Run a command. Ends the benchmark with one line where its exit code is not fine, or Python broke off, as without a package it imports."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors, tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "usage.json"
        subprocess.run([sys.executable, "-S", "-c", _LAUNCH, str(answer), *command], check=True, stdout=out, stderr=errors)
        usage = json.loads(answer.read_text())
        out.seek(0)
        errors.seek(0)
        why = errors.read().strip().splitlines()
        if usage["code"] not in fine or any(line.startswith("Traceback") for line in why):
            raise SystemExit(f"failed ({usage['code']}): {' '.join(command[1:4])[:200]}{': ' + why[-1] if why else ''}")
        return Measured(usage["clock"], usage["processor"], usage["kilobytes"] / 1024**2, out.read())


def own_gigabytes() -> float:
    """Return the largest memory of this program since it began, in GiB: not what the process held before it became this program."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024**2
