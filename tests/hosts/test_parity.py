"""The parity table in the docs is from a run of these tests: the same behaviours, the same reasons."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.hosts.parity import sentence

HERE = Path(__file__).parent
TABLE = (HERE.parents[1] / "docs" / "parity.md").read_text(encoding="utf-8")


def shared_tests() -> list[str]:
    """Name every test that takes a host."""
    return [
        f"{path.stem}::{node.name}"
        for path in sorted(HERE.glob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and "host" in {arg.arg for arg in node.args.args}
    ]


def test_the_table_has_a_row_for_every_shared_test():
    listed = re.findall(r"^\| (?!behaviour)([^|-][^|]*) \|", TABLE, re.MULTILINE)
    assert sorted(listed) == sorted(sentence(test) for test in shared_tests())


def test_nothing_fails_in_the_table():
    assert "| fails" not in TABLE
