"""The score against a bare Altman Z'' on real defaults; skipped where the data sets are not at hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from functions.scorecard_page import MEASURED


def _load() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "discrimination.py"
    spec = importlib.util.spec_from_file_location("discrimination", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["discrimination"] = module
    spec.loader.exec_module(module)
    return module


BENCHMARK = _load()
NEEDS_DATA = pytest.mark.skipif(not BENCHMARK.DATA.is_dir(), reason="the data sets of defaults are not beside the repository")


@NEEDS_DATA
@pytest.mark.parametrize("read", [BENCHMARK.kazakhstan, BENCHMARK.polish], ids=["kazakhstan", "polish"])
def test_the_score_tells_defaulters_better_than_a_bare_z(read: Any) -> None:
    _, bare, beside, _ = BENCHMARK.compare(read(BENCHMARK.DATA))
    assert beside.rows == bare.rows
    assert beside.auc > bare.auc
    assert beside.ks > bare.ks


@NEEDS_DATA
def test_the_figures_on_the_scorecards_page_are_those_measured() -> None:
    measured = []
    for read in BENCHMARK.READERS:
        data = read(BENCHMARK.DATA)
        _, bare, beside, _ = BENCHMARK.compare(data)
        measured.append((data.name, "CREDITSCORE", beside.rows, round(beside.auc, 3), round(beside.ks, 3)))
        if bare is not None:
            measured.append((data.name, f"bare Z'' {data.z_note}".strip(), bare.rows, round(bare.auc, 3), round(bare.ks, 3)))
    assert tuple(measured) == MEASURED


def test_the_measures_equal_those_of_an_independent_library() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    bad = rng.random(500) < 0.2
    score = np.round(rng.normal(50, 10, 500) - 8 * bad)  # with ties
    falsely, rightly, _ = metrics.roc_curve(bad, -score)
    measured = BENCHMARK.measure(score, bad)
    assert measured.auc == pytest.approx(metrics.roc_auc_score(bad, -score))
    assert measured.ks == pytest.approx(np.abs(rightly - falsely).max())


def test_without_the_data_the_benchmark_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert BENCHMARK.main(tmp_path / "nowhere") == 2
    assert capsys.readouterr().out.endswith("nowhere; name the folder that holds the three data sets\n")
