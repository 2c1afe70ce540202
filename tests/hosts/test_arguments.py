"""The generated argument sets are the same everywhere, and worth calling."""

from __future__ import annotations

from tests.hosts.arguments import argument_sets
from xladdin.call import call
from xladdin.cells import ExcelError
from xladdin.registry import functions


def test_the_same_seed_makes_the_same_sets():
    assert argument_sets(300) == argument_sets(300)
    assert argument_sets(300) != argument_sets(300, seed=2)


def test_every_function_but_those_that_ask_about_a_cell_is_called():
    assert {name for name, _ in argument_sets(400)} == set(functions()) - {"CREDITWHY"}


def test_many_sets_have_an_answer_and_many_have_none():
    failed = sum(isinstance(call(name, *args).value, ExcelError) for name, args in argument_sets(1000))
    assert 100 < failed < 500
