"""The labelled clauses: every wording the finder was tuned on is found as labelled, and unseen ones mostly."""

from __future__ import annotations

import pytest

from benchmarks.clauses import overall, own_cases, scores
from functions.clause_words import CLAUSES

LANGUAGES = ("en", "zh")
#: found of the wordings nobody tuned for, and rightly found; benchmarks/README.md tells the figures
HELD_OUT_FLOOR = 0.7


@pytest.mark.parametrize(
    ("text", "case"), [pytest.param(case.text, case, id=case.text[:40]) for language in LANGUAGES for case in own_cases(language, "tuned")]
)
def test_a_tuned_wording_is_found_as_labelled(text, case):
    wrong: list[str] = []
    scores([(text, case)], wrong)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_unseen_wordings_are_mostly_found(language):
    total = overall(scores((case.text, case) for case in own_cases(language, "held_out")))
    assert total.both / total.labelled >= HELD_OUT_FLOOR
    assert total.both / total.found >= HELD_OUT_FLOOR


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_has_labelled_wordings_and_decoys(language):
    cases = own_cases(language, "tuned") + own_cases(language, "held_out")
    assert {name for case in cases for name in case.labels} == set(CLAUSES)
    assert sum(len(case.labels) for case in cases) >= 60
    assert sum(not case.labels for case in cases) >= 30
