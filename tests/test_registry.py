"""Descriptions of functions and reports: what a host could not serve is refused when it is defined, naming the argument."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from xladdin import registry
from xladdin.errors import BadDefinition, InvalidValue, NotAvailable
from xladdin.registry import Arg, Example, Rows, function, functions, report


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "FUNCTIONS", {})
    monkeypatch.setattr(registry, "REPORTS", {})


def arg(**changes: Any) -> Arg:
    return Arg(**{"name": "amount", "kind": "number", "text": "An amount.", "text_zh": "金额。", **changes})


def define(**changes: Any) -> None:
    parameters = [one.name for one in changes.get("args", (arg(),))]
    python = changes.pop("python", None)
    if python is None:
        scope: dict[str, Any] = {}
        exec(f"def some_rule({', '.join(parameters)}):\n    'Help.'\n    return 1", scope)
        python = scope["some_rule"]
    function(**{"category": "Test", "help_zh": "说明。", "args": (arg(),), "result": "number", "source": "Test.", **changes})(python)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "DUE.DATE"}, "function DUE.DATE: a name is 2 to 30 capital letters and digits and must not look like a cell reference"),
        ({"name": "AB12"}, "function AB12: a name is 2 to 30 capital letters and digits and must not look like a cell reference"),
        ({"name": "R1C1"}, "function R1C1: a name is 2 to 30 capital letters and digits and must not look like a cell reference"),
        ({"name": "X" * 31}, f"function {'X' * 31}: a name is 2 to 30 capital letters and digits and must not look like a cell reference"),
        ({"python": lambda amount: amount, "name": "NODOC"}, "function NODOC: docstring is empty"),
        ({"help_zh": ""}, "function SOMERULE: help_zh is empty"),
        ({"category": ""}, "function SOMERULE: category is empty"),
        ({"source": ""}, "function SOMERULE: source is empty"),
        ({"help_zh": "长" * 256}, "function SOMERULE: the help text is longer than 255 characters"),
        ({"result": "column"}, "function SOMERULE: result must be one of number, integer, money, text, date, boolean, any, array; got 'column'"),
        ({"errors": (ValueError,)}, "function SOMERULE: errors must be classes of CellError; got <class 'ValueError'>"),
        ({"args": (arg(name="Amount"),)}, "function SOMERULE, argument Amount: a name is lower-case letters, digits and underscores"),
        ({"args": (arg(kind="decimal"),)}, "function SOMERULE, argument amount: kind must be one of number, integer, text, date, boolean, numbers, any, reference; got 'decimal'"),
        ({"args": (arg(shape="matrix"),)}, "function SOMERULE, argument amount: shape must be one of scalar, column, range, rows; got 'matrix'"),
        ({"args": (arg(blank="skip"),)}, "function SOMERULE, argument amount: blank must be one of error, blank, default, missing; got 'skip'"),
        ({"args": (arg(errors="ignore"),)}, "function SOMERULE, argument amount: errors must be propagate or accept; got 'ignore'"),
        ({"args": (arg(blank="default"),)}, "function SOMERULE, argument amount: a required argument has no default to take for a blank"),
        ({"args": (arg(text=""),)}, "function SOMERULE, argument amount: text must have 1 to 255 characters; got 0"),
        ({"args": (arg(text_zh="长" * 300),)}, "function SOMERULE, argument amount: text_zh must have 1 to 255 characters; got 300"),
        ({"args": (arg(choices=("a",)),)}, "function SOMERULE, argument amount: allowed values are for texts; kind is number"),
        ({"args": (arg(kind="text", choices=("a", "b"), default="c"),)}, "function SOMERULE, argument amount: the default 'c' is not among the allowed values a, b"),
        ({"args": (arg(kind="numbers"),)}, "function SOMERULE, argument amount: a list of numbers has the shape range"),
        ({"args": (arg(shape="rows"),)}, "function SOMERULE, argument amount: rows hold cells of any kind; got 'number'"),
        ({"args": (arg(default=1), arg(name="due"))}, "function SOMERULE, argument due: a required argument cannot follow an optional one"),
        ({"args": (arg(kind="any", shape="rows"), arg(name="b", kind="any", shape="rows"))}, "function SOMERULE: only one argument can be rows"),
    ],
)
def test_a_bad_definition_is_refused_naming_the_argument(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadDefinition) as caught:
        define(**changes)
    assert str(caught.value) == message


def test_the_arguments_described_are_those_of_the_function() -> None:
    def some_rule(value: float) -> float:
        """Help."""
        return value

    with pytest.raises(BadDefinition, match=r"function SOMERULE: the arguments described are \(amount\), the function takes \(value\)"):
        define(python=some_rule)


def test_a_name_is_defined_once() -> None:
    define()
    with pytest.raises(BadDefinition, match="function SOMERULE: defined twice"):
        define()


def test_the_decorated_function_stays_as_it_is() -> None:
    def some_rule(amount: float) -> float:
        """Help in one
        paragraph.

        And more."""
        return amount * 2

    made = function(category="Test", help_zh="说明。", args=(arg(),), result="number", source="Test.")(some_rule)
    assert made is some_rule
    spec = registry.FUNCTIONS["SOMERULE"]
    assert spec.help == "Help in one paragraph."
    assert not spec.vectorised


def test_a_signature_reads_as_in_the_function_wizard() -> None:
    args = (arg(), arg(name="rate", default=0.1), arg(name="date", kind="date", default=None, blank="missing", shape="column"))
    define(args=args)
    spec = registry.FUNCTIONS["SOMERULE"]
    assert spec.signature == "SOMERULE(amount, [rate=0.1], [date])"
    assert spec.vectorised
    assert repr(args[0].default) == "REQUIRED"
    assert [one.blank_policy for one in args] == ["error", "default", "missing"]


def test_rows_keep_the_first_reason_and_no_empty_masks() -> None:
    none, one = np.array([False, False]), np.array([False, True])
    rows = Rows(np.zeros(2)).fail(none, InvalidValue("a")).fail(one, NotAvailable("b")).remark(none, "c").remark(one, "d")
    assert [str(error) for _, error in rows.failures] == ["b"]
    assert [text for _, text in rows.remarks] == ["d"]


def report_of(key: str, sheet: str) -> None:
    report(key=key, sheet=sheet, label="L", label_zh="标", help="H", help_zh="说", columns=list, order=1)(lambda: None)


def test_a_report_has_a_key_and_a_sheet_of_its_own() -> None:
    report_of("aging", "Aging")
    with pytest.raises(BadDefinition, match="report aging: the key or the sheet 'Other' is already taken by report aging"):
        report_of("aging", "Other")
    with pytest.raises(BadDefinition, match="report other: the key or the sheet 'Aging' is already taken by report aging"):
        report_of("other", "Aging")


@pytest.mark.parametrize("sheet", ["a" * 32, "Aging?", "A/B", "[x]"])
def test_a_report_stands_on_a_sheet_that_can_exist(sheet: str) -> None:
    with pytest.raises(BadDefinition, match="is no sheet name"):
        report_of("x", sheet)


def test_an_example_holds_cells_and_a_value() -> None:
    assert Example((1, 2), 3, "sum", "和").value == 3


class TestWhatIsRegistered:
    """The functions of the product, as every host sees them."""

    @pytest.fixture(autouse=True)
    def _own_registry(self) -> None:
        """Keep the real registry."""

    def test_functions_come_sorted_by_name(self) -> None:
        assert list(functions()) == sorted(functions())
        assert "DAYSOVERDUE" in functions()

    def test_every_text_is_in_both_languages(self) -> None:
        for spec in functions().values():
            for one in spec.args:
                assert any("\u4e00" <= letter <= "\u9fff" for letter in one.text_zh), f"{spec.name}, {one.name}"
            assert any("\u4e00" <= letter <= "\u9fff" for letter in spec.help_zh), spec.name
