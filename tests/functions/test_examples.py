"""Every example that the guide sheet and the docs show is calculated: none can be wrong."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from xladdin.call import call
from xladdin.registry import Example, Function, functions

EXAMPLES = [(spec, example) for spec in functions().values() for example in spec.examples]


def as_shown(value: Any) -> Any:
    """Write a value as an example holds it: dates as ISO texts, rows as lists."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [as_shown(one) for one in value]
    return value


def alike(one: Any, other: Any) -> bool:
    """Equal, numbers to nine digits; a truth value is no number."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


@pytest.mark.parametrize(("spec", "example"), EXAMPLES, ids=[f"{spec.name}: {example.text}" for spec, example in EXAMPLES])
def test_an_example_shows_what_the_function_answers(spec: Function, example: Example) -> None:
    answer = call(spec.name, *as_shown(example.args))
    assert alike(as_shown(answer.value), as_shown(example.value)), f"{answer.value!r}, because {answer.reason}"


@pytest.mark.parametrize("spec", functions().values(), ids=functions())
def test_every_function_has_an_example_in_both_languages(spec: Function) -> None:
    assert spec.examples
    assert all(example.text and example.text_zh for example in spec.examples)
