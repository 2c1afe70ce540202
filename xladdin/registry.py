"""One description of a function or a report, for every host.

A credit function is a plain vectorised Python function. `@function` adds what a spreadsheet needs to offer it: the help and
argument texts of the function wizard in English and Chinese, what each argument may hold, and what to do with blanks and
error values. The decorated function itself stays as it is, so reports call it with arrays; `xladdin.call` calls it with cells.

What a function receives (`Arg.shape`):

* `scalar` – one value: float, int, str, bool, `numpy.datetime64[D]`, or None for a blank that its policy lets through;
* `column` – a 1-D array, all columns of a call having one length n: float64, datetime64[D], bool or object (text, any).
  A blank that its policy lets through is NaN, NaT or "";
* `range`  – a whole range: a 1-D array of its cells in reading order (kind `any`: a list of rows);
* `rows`   – a block whose rows are the items: a list of rows; one answer per row.

An argument of kind `reference` asks about a cell itself: each host that knows the cell hands over `cells.Referred`, its value
and the reason of its error or remark; a bare value stands for a cell of which no reason is known.

What it answers: an array of length n (or `Rows` when some rows have no answer) if it has a `column` or `rows` argument, else one
value, or a list of rows when `result` is "array". It raises a `CellError` when nothing at all can be answered.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from xladdin.errors import BadDefinition, CellError

if TYPE_CHECKING:
    import numpy as np

Kind = Literal["number", "integer", "text", "date", "boolean", "numbers", "any", "reference"]
Shape = Literal["scalar", "column", "range", "rows"]
Blank = Literal["error", "blank", "default", "missing"]
OnError = Literal["propagate", "accept"]
Result = Literal["number", "integer", "money", "text", "date", "boolean", "any", "array"]

KINDS: Final = ("number", "integer", "text", "date", "boolean", "numbers", "any", "reference")
SHAPES: Final = ("scalar", "column", "range", "rows")
BLANKS: Final = ("error", "blank", "default", "missing")
RESULTS: Final = ("number", "integer", "money", "text", "date", "boolean", "any", "array")
HELP_LIMIT: Final = 255  # Excel's MacroOptions cuts help and argument texts there
_CELL_LIKE: Final = re.compile(r"[A-Z]{1,3}[0-9]+\Z|R[0-9]*C[0-9]*\Z|R\Z|C\Z")


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required()


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument: what it may hold and how the wizard explains it.

    `blank`: "error" (a blank is #VALUE!), "blank" (the row's answer is blank), "default" (the default is taken),
    "missing" (passed on as NaN, NaT, "" or None). `errors`: "propagate" (an error value comes out unchanged) or "accept".
    An optional argument that is left out takes its default.
    """

    name: str
    kind: Kind
    text: str
    text_zh: str
    shape: Shape = "scalar"
    default: Any = REQUIRED
    blank: Blank | None = None
    errors: OnError = "propagate"
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def required(self) -> bool:
        """Tell whether a call must give this argument."""
        return self.default is REQUIRED

    @property
    def blank_policy(self) -> Blank:
        """Say what a blank does: unless stated, an error where required, else the default."""
        return self.blank or ("error" if self.required else "default")


@dataclass(frozen=True, slots=True)
class Example:
    """A live example for the guide sheet and the docs: arguments as cells hold them, and what it shows."""

    args: tuple[Any, ...]
    value: Any
    text: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class Function:
    """All that a host needs to offer one credit function."""

    name: str
    python: Callable[..., Any]
    category: str
    help: str
    help_zh: str
    args: tuple[Arg, ...]
    result: Result
    source: str
    errors: tuple[type[CellError], ...]
    examples: tuple[Example, ...]

    @property
    def vectorised(self) -> bool:
        """Tell whether the function answers a column."""
        return any(arg.shape in ("column", "rows") for arg in self.args)

    @property
    def signature(self) -> str:
        """Write the function as the wizard does: NAME(required, [optional=default])."""
        parts = [a.name if a.required else f"[{a.name}{'' if a.default is None else f'={a.default}'}]" for a in self.args]
        return f"{self.name}({', '.join(parts)})"


@dataclass(slots=True)
class Rows:
    """A column of answers in which some rows have an error instead, or a remark beside the answer.

    Each failure or remark is (mask of rows, error or text); a callable is asked with the row's index, so that a message
    can hold the row's own numbers without being built for rows that are fine.
    """

    values: np.ndarray
    failures: list[tuple[np.ndarray, CellError | Callable[[int], CellError]]] = field(default_factory=list)
    remarks: list[tuple[np.ndarray, str | Callable[[int], str]]] = field(default_factory=list)

    def fail(self, mask: np.ndarray, error: CellError | Callable[[int], CellError]) -> Rows:
        """Mark rows as failed; rows that fail twice keep the first reason."""
        if mask.any():
            self.failures.append((mask, error))
        return self

    def remark(self, mask: np.ndarray, text: str | Callable[[int], str]) -> Rows:
        """Leave a remark that CREDITWHY shows although there is a value."""
        if mask.any():
            self.remarks.append((mask, text))
        return self


@dataclass(frozen=True, slots=True)
class Report:
    """All that a host needs to offer one report: its key, its sheet, its labels, and the function that makes it."""

    key: str
    sheet: str
    label: str
    label_zh: str
    help: str
    help_zh: str
    columns: Callable[..., Any]  # (settings) -> the columns of its table, for a sheet that was never refreshed
    make: Callable[..., Any]  # (book, settings, as_of) -> the report as data
    order: int


FUNCTIONS: Final[dict[str, Function]] = {}
REPORTS: Final[dict[str, Report]] = {}


def function(
    *,
    category: str,
    help_zh: str,
    args: tuple[Arg, ...],
    result: Result,
    source: str,
    errors: tuple[type[CellError], ...] = (),
    examples: tuple[Example, ...] = (),
    name: str | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Describe a credit function to every host; the English help is the first paragraph of its docstring.

    Raises BadDefinition at import when a host could not serve it, naming the argument.
    """

    def describe(python: Callable[..., Any]) -> Callable[..., Any]:
        cell_name = name or getattr(python, "__name__", "").replace("_", "").upper()
        english = " ".join((inspect.getdoc(python) or "").split("\n\n")[0].split())
        spec = Function(cell_name, python, category, english, help_zh, args, result, source, errors, examples)
        _check(spec)
        FUNCTIONS[cell_name] = spec
        return python

    return describe


def report(
    *,
    key: str,
    sheet: str,
    label: str,
    label_zh: str,
    help: str,  # noqa: A002 - the field's name everywhere
    help_zh: str,
    columns: Callable[..., Any],
    order: int,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Describe a report to every host. Raises BadDefinition for a second report of the same key or sheet."""

    def describe(make: Callable[..., Any]) -> Callable[..., Any]:
        for other in REPORTS.values():
            if other.key == key or other.sheet == sheet:
                raise BadDefinition(f"report {key}: the key or the sheet {sheet!r} is already taken by report {other.key}")
        if len(sheet) > 31 or set(sheet) & set("[]:*?/\\"):
            raise BadDefinition(f"report {key}: {sheet!r} is no sheet name")
        REPORTS[key] = Report(key, sheet, label, label_zh, help, help_zh, columns, make, order)
        return make

    return describe


def functions() -> dict[str, Function]:
    """Return every credit function by its cell name, importing their definitions on first use."""
    _import_all("functions")
    return dict(sorted(FUNCTIONS.items()))


def reports() -> dict[str, Report]:
    """Return every report by its key in the order of the buttons, importing their definitions on first use."""
    _import_all("workbook.reports")
    return dict(sorted(REPORTS.items(), key=lambda item: item[1].order))


def _import_all(package: str) -> None:
    """Import every module of a package: a function or report is served because its file is there, not because a list names it."""
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")


def _check(spec: Function) -> None:
    """Refuse what some host could not serve."""
    where = f"function {spec.name}"
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,29}", spec.name) or _CELL_LIKE.match(spec.name):
        raise BadDefinition(f"{where}: a name is 2 to 30 capital letters and digits and must not look like a cell reference")
    if spec.name in FUNCTIONS:
        raise BadDefinition(f"{where}: defined twice")
    for label, text in (("docstring", spec.help), ("help_zh", spec.help_zh), ("category", spec.category), ("source", spec.source)):
        if not text:
            raise BadDefinition(f"{where}: {label} is empty")
    if len(spec.help) > HELP_LIMIT or len(spec.help_zh) > HELP_LIMIT:
        raise BadDefinition(f"{where}: the help text is longer than {HELP_LIMIT} characters")
    if spec.result not in RESULTS:
        raise BadDefinition(f"{where}: result must be one of {', '.join(RESULTS)}; got {spec.result!r}")
    for error in spec.errors:
        if not (isinstance(error, type) and issubclass(error, CellError)):
            raise BadDefinition(f"{where}: errors must be classes of CellError; got {error!r}")
    names = [arg.name for arg in spec.args]
    parameters = list(inspect.signature(spec.python).parameters)
    if names != parameters:
        raise BadDefinition(f"{where}: the arguments described are ({', '.join(names)}), the function takes ({', '.join(parameters)})")
    optional_seen = False
    for arg in spec.args:
        _check_arg(where, arg)
        if arg.required and optional_seen:
            raise BadDefinition(f"{where}, argument {arg.name}: a required argument cannot follow an optional one")
        optional_seen = optional_seen or not arg.required
    if sum(arg.shape == "rows" for arg in spec.args) > 1:
        raise BadDefinition(f"{where}: only one argument can be rows")


def _check_arg(where: str, arg: Arg) -> None:
    here = f"{where}, argument {arg.name}"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", arg.name):
        raise BadDefinition(f"{here}: a name is lower-case letters, digits and underscores")
    if arg.kind not in KINDS:
        raise BadDefinition(f"{here}: kind must be one of {', '.join(KINDS)}; got {arg.kind!r}")
    if arg.shape not in SHAPES:
        raise BadDefinition(f"{here}: shape must be one of {', '.join(SHAPES)}; got {arg.shape!r}")
    if arg.blank is not None and arg.blank not in BLANKS:
        raise BadDefinition(f"{here}: blank must be one of {', '.join(BLANKS)}; got {arg.blank!r}")
    if arg.errors not in ("propagate", "accept"):
        raise BadDefinition(f"{here}: errors must be propagate or accept; got {arg.errors!r}")
    if arg.required and arg.blank == "default":
        raise BadDefinition(f"{here}: a required argument has no default to take for a blank")
    for label, text in (("text", arg.text), ("text_zh", arg.text_zh)):
        if not text or len(text) > HELP_LIMIT:
            raise BadDefinition(f"{here}: {label} must have 1 to {HELP_LIMIT} characters; got {len(text)}")
    if arg.choices and arg.kind not in ("text", "any"):
        raise BadDefinition(f"{here}: allowed values are for texts; kind is {arg.kind}")
    if arg.choices and arg.kind == "text" and not arg.required and arg.default is not None and arg.default not in arg.choices:
        raise BadDefinition(f"{here}: the default {arg.default!r} is not among the allowed values {', '.join(arg.choices)}")
    if arg.kind == "numbers" and arg.shape != "range":
        raise BadDefinition(f"{here}: a list of numbers has the shape range")
    if arg.kind == "reference" and (arg.shape != "column" or arg.errors != "accept"):
        raise BadDefinition(f"{here}: a reference has the shape column and accepts errors")
    if arg.shape == "rows" and arg.kind != "any":
        raise BadDefinition(f"{here}: rows hold cells of any kind; got {arg.kind!r}")
