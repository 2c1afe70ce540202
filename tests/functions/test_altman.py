"""ALTMANZ and ALTMANZONE."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

RATIO = st.floats(-2, 5)


@pytest.mark.parametrize(
    ("model", "ratios", "expected"),
    [
        pytest.param("Z", (0.05, 0.025, 0.02, 0.15, 3), 3.251, id="D5 first example: Z with X5 weighted 1.0"),
        pytest.param("Z", (0.10, 0.20, 0.13, 0.65, 0.95), 2.169, id="D5 second example: Z with X5 weighted 1.0"),
        pytest.param("Z'", (1, 1, 1, 1, 1), 0.717 + 0.847 + 3.107 + 0.420 + 0.998, id="Z' weights, Altman 1983"),
        pytest.param("Z''", (1, 1, 1, 1), 6.56 + 3.26 + 6.72 + 1.05, id="Z'' weights, Altman 1983"),
        pytest.param("Z''", (1, 1, 1, 1, 50), 17.59, id="Z'' does not look at X5"),
        pytest.param("z''em", (0, 0, 0, 0), 3.25, id="Z''EM is Z'' + 3.25, Altman, Hartzell, Peck 1995"),
    ],
)
def test_altman_z(model: str, ratios: tuple[float, ...], expected: float) -> None:
    assert call("ALTMANZ", model, *ratios).value == pytest.approx(expected, abs=1e-9)


def test_the_weight_of_x5_may_be_0999() -> None:
    assert call("ALTMANZ", "Z", 0.10, 0.20, 0.13, 0.65, 0.95, x5_weight=0.999).value == pytest.approx(2.16805)


@pytest.mark.parametrize(
    ("model", "z", "zone"),
    [
        ("Z", 1.80, "distress"), ("Z", 1.81, "grey"), ("Z", 2.99, "grey"), ("Z", 3.0, "safe"),
        ("Z'", 1.22, "distress"), ("Z'", 1.23, "grey"), ("Z'", 2.90, "grey"), ("Z'", 2.91, "safe"),
        ("Z''", 1.09, "distress"), ("Z''", 1.10, "grey"), ("Z''", 2.60, "grey"), ("Z''", 2.61, "safe"),
        ("Z''EM", 4.34, "distress"), ("Z''EM", 4.35, "grey"), ("Z''EM", 5.85, "grey"), ("Z''EM", 5.86, "safe"),
    ],
)  # fmt: skip
def test_zones_and_their_edges(model: str, z: float, zone: str) -> None:
    assert call("ALTMANZONE", model, z).value == zone


def test_a_zone_in_chinese() -> None:
    assert call("ALTMANZONE", "Z", [[1], [2], [3]], "zh").value == [["困境区"], ["灰色区"], ["安全区"]]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("Z", 0.1, 0.2, 0.1, 0.6), "model Z needs x5, sales / total assets"),
        (("Z'", 0.1, 0.2, 0.1, 0.6, None), "model Z' needs x5, sales / total assets"),
        (("Q", 0.1, 0.2, 0.1, 0.6), """model must be one of Z, Z', Z'', Z''EM; got the text "Q\""""),
        (("Z''", 0.1, None, 0.1, 0.6), "x2 is blank"),
        (("Z''", 0.1, "a", 0.1, 0.6), 'x2 must be a number; got the text "a"'),
    ],
)
def test_what_cannot_be_answered_says_why(args: tuple[object, ...], message: str) -> None:
    answer = call("ALTMANZ", *args)
    assert (answer.value, answer.reason) == ("#VALUE!", message)


@given(columns(x1=cells(RATIO), x2=cells(RATIO), x3=RATIO, x4=RATIO, x5=cells(st.one_of(RATIO, st.none()))), st.sampled_from(["Z", "Z'", "Z''", "Z''EM"]))
def test_a_column_is_answered_as_each_cell(rows: list[dict[str, object]], model: str) -> None:
    assert_column_equals_single_cells("ALTMANZ", rows, model=model)


@given(columns(z=cells(st.floats(-5, 10))), st.sampled_from(["Z", "Z''EM"]))
def test_a_column_of_zones_is_answered_as_each_cell(rows: list[dict[str, object]], model: str) -> None:
    assert_column_equals_single_cells("ALTMANZONE", rows, model=model)
