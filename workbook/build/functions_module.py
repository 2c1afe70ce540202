"""The VBA modules through which cells reach Python, written from the list of functions.

`CreditFunctions` has one Function for each credit function; all they do is ask the hand-written class `CreditCalls`,
which no formula reaches.
The texts of the function wizard are not in VBA, which keeps only ASCII, but on the hidden sheet `WIZARD`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from typing import Any, Final

from xladdin import __version__
from xladdin.registry import Arg, Function

#: the hidden sheet with the wizard's texts: language, name, category, help, argument texts; A1 holds the language to take
WIZARD: Final = "credit.functions"
_LINE: Final = 120
#: words that VBA keeps for itself, as far as they are ordinary English ([MS-VBAL] 3.3.5.2)
_RESERVED: Final = frozenset(
    """abs access and any append array as attribute base binary boolean byref byte byval call case circle compare const currency date
    debug decimal declare dim do double each else elseif empty end enum erase error event exit explicit false for friend function get
    global gosub goto if imp implements in input int integer is len let lib like line load local lock long loop lset me mid mod module
    name new next not nothing null object on open option optional or output paramarray preserve print private property public put
    random read redim rem reset resume return rset scale seek select set sgn shared single spc static step stop string sub tab text
    then time to true type typeof unlock until variant wend while width with write xor""".split()  # noqa: SIM905 - a text reads better
)


def function_modules(functions: Mapping[str, Function]) -> dict[str, str]:
    """Return the modules by name: the functions for cells, and how they reach Python."""
    calls = (resources.files("workbook") / "vba" / "CreditCalls.cls").read_text("utf-8")
    calls = calls.replace("'@version", f'Private Const CREDIT_VERSION As String = "{__version__}"')
    return {
        "CreditCalls": calls.replace("@xlwings", metadata.version("xlwings")),  # the library's name carries its version
        "CreditFunctions": "\n".join(_module(functions)) + "\n",
    }


def _module(functions: Mapping[str, Function]) -> Iterator[str]:
    yield 'Attribute VB_Name = "CreditFunctions"'
    yield "Option Explicit"
    yield "' Written from the list of credit functions when the workbook is built."
    for spec in functions.values():
        named = [(arg, parameter(spec, arg)) for arg in spec.args]
        yield ""
        yield from _wrapped(f"Public Function {spec.name}(", [_declared(arg, name) for arg, name in named], ") As Variant")
        given = [f"Credit.Asked({name})" if arg.kind == "reference" else name for arg, name in named]
        yield from _wrapped(f'    {spec.name} = Credit.Answer("{spec.name}", ', given, ")")
        yield "End Function"


def parameter(spec: Function, arg: Arg) -> str:
    """Return the name of an argument in VBA, which knows no capitals and keeps some words for itself."""
    return f"{arg.name}_" if arg.name in _RESERVED or arg.name == spec.name.lower() else arg.name


def _declared(arg: Arg, name: str) -> str:
    return f"{name} As Variant" if arg.required else f"Optional {name} As Variant"


def _wrapped(before: str, parts: list[str], after: str) -> Iterator[str]:
    """Write a list over lines of at most `_LINE` characters; VBA continues a line after " _"."""
    line = before
    for index, part in enumerate(parts):
        piece = part + (", " if index < len(parts) - 1 else after)
        if len(line) + len(piece) > _LINE:
            yield f"{line.rstrip()} _"
            line = "        "
        line += piece
    yield line if parts else before.rstrip(", ") + after


def wizard_rows(functions: Mapping[str, Function], language: str) -> list[list[Any]]:
    """Return the rows of the hidden sheet: first the language to take ("auto" is the program's own), then every function twice."""
    rows: list[list[Any]] = [[language]]
    for tag in ("en", "zh"):
        for name, spec in functions.items():
            texts = [arg.text_zh if tag == "zh" else arg.text for arg in spec.args]
            rows.append([tag, name, spec.category, spec.help_zh if tag == "zh" else spec.help, *texts])
    return rows
