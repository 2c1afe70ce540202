"""The parity table: a row a behaviour, a column a host, from a run of this folder's tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

Outcome = str

HEAD = """# What works where

Made from a run of the tests that all hosts share: `python -m pytest tests/hosts --parity docs/parity.md`.
"yes" means that the test passed on that host; a number leads to the reason below. "not run" means that the machine of the run lacked the host.
In the column *Excel (COM under Wine)* everything is real but Excel: the workbook's VBA runs in an interpreter, its calls go through xlwings' library to
the server in Windows' Python. How Excel itself shows the answers is checked by hand.

"""


def sentence(test: str) -> str:
    """Turn a test's name into what it says."""
    return test.partition("::")[2].removeprefix("test_").replace("_", " ").capitalize()


def write_table(path: Path, outcomes: Mapping[tuple[str, str], Outcome], titles: Mapping[str, str]) -> None:
    """Write the table."""
    tests = list(dict.fromkeys(test for test, _ in outcomes))
    reasons: list[str] = []
    lines = ["| behaviour | " + " | ".join(titles.values()) + " |", "|---" * (len(titles) + 1) + "|"]
    for test in tests:
        cells = []
        for host in titles:
            said = outcomes.get((test, host), "not run")
            if said.startswith("differs: "):
                state, _, reason = said.removeprefix("differs: ").partition(": ")
                if reason not in reasons:
                    reasons.append(reason)
                said = f"{state} ({reasons.index(reason) + 1})"
            cells.append(said)
        lines.append(f"| {sentence(test)} | " + " | ".join(cells) + " |")
    notes = [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    path.write_text(HEAD + "\n".join(lines) + "\n\n" + "\n".join(notes) + ("\n" if notes else ""), encoding="utf-8")
