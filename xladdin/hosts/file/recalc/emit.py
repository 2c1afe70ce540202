"""The writer of plain formulas: from tokens that hold only references, constants and functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, quote_sheet
from xladdin.hosts.file.recalc.arrays import Argument, gives_several, takes_several
from xladdin.hosts.file.recalc.lexer import Token
from xladdin.hosts.file.recalc.terms import BLANK_SHEET, SCOPES, CannotTranslate, Reference, Site, Translated, bare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xladdin.hosts.file.calculator import Spot
    from xladdin.hosts.file.recalc.facts import Facts
    from xladdin.registry import Function

_ANYWHERE: Final = frozenset({"OFFSET", "INDIRECT"})  # what they refer to is known only when they are calculated
# functions that take a cell of several sheets and only add up or compare what they get
_ACROSS_SHEETS: Final = frozenset(
    {
        *("SUM", "SUMSQ", "PRODUCT", "AVERAGE", "AVERAGEA", "MEDIAN", "COUNT", "COUNTA", "MAX", "MAXA", "MIN", "MINA"),
        *("STDEV", "STDEV.P", "STDEV.S", "STDEVA", "STDEVP", "STDEVPA", "VAR", "VAR.P", "VAR.S", "VARA", "VARP", "VARPA"),
    }
)
# functions whose arguments are arrays in every formula
_OF_ARRAYS: Final = frozenset({"SUMPRODUCT", "TRANSPOSE", "LOOKUP", "FREQUENCY", "MMULT", "SUMX2MY2", "SUMX2PY2", "SUMXMY2"})
_NO_ARITHMETIC: Final = frozenset(":#@")


@dataclass(slots=True)
class _Frame:
    """An open parenthesis."""

    function: str = ""
    site: Site | None = None
    arguments: list[Argument] = field(default_factory=list)
    in_argument: list[Token] = field(default_factory=list)
    several: bool = False  # what was read of the argument may be several values


class Emitter:
    """Writes one formula."""

    def __init__(self, facts: Facts, ours: Mapping[str, Function], sites: list[Site], spot: Spot) -> None:
        self.facts, self.ours, self.sites, self.spot = facts, ours, sites, spot
        self.cut: list[Token] = []
        self.made = Translated()
        self.frames: list[_Frame] = [_Frame()]
        self.several_locals = False  # a name of LET may stand for several values

    def emit(self, cut: list[Token]) -> Translated:
        """Return the formula without its equal sign, and what it refers to and calls."""
        self.cut = cut
        out: list[str] = []
        outermost_ends = -1
        for index, token in enumerate(self.cut):
            out.append(self._token(token))
            if token.kind == "operator" and token.text not in _NO_ARITHMETIC:
                self._operator(index)
            if token.kind == "close" and len(self.frames) == 1 and outermost_ends < 0:
                outermost_ends = index
        if len(self.frames) != 1:
            raise CannotTranslate("its parentheses do not close")
        self.made.formula = "".join(out)
        self.made.several = self.frames[0].several
        solid = [index for index, token in enumerate(self.cut) if token.kind != "space"]
        self.made.alone = bool(solid) and self._ours(self.cut[solid[0]]) and outermost_ends == solid[-1]
        return self.made

    def _operator(self, index: int) -> None:
        beside = self.cut[max(index - 1, 0) : index + 2]
        ranges = any(token.rect is not None and token.rect.height * token.rect.width > 1 for token in beside)
        if ranges and not any(frame.function in _OF_ARRAYS for frame in self.frames):
            self.made.intersects = True

    def _ours(self, token: Token) -> bool:
        return token.kind == "function" and bare(token.body).upper() in self.ours

    # ---- tokens

    def _token(self, token: Token) -> str:
        frame = self.frames[-1]
        if token.kind == "comma":
            return self._end_of_argument(frame, last=False) + ","
        if token.kind == "close":
            if len(self.frames) == 1:
                raise CannotTranslate("its parentheses do not close")
            ending = self._end_of_argument(frame, last=True)
            self.frames.pop()
            self.frames[-1].several |= self._answers_several(frame)
            return ending + ")"
        text = self._piece(frame, token)
        begins = frame.site is not None and not frame.in_argument and token.kind != "space" and not frame.arguments
        if token.kind != "space":
            frame.in_argument.append(token)
        return f",{text}" if begins else text

    def _piece(self, frame: _Frame, token: Token) -> str:
        if token.kind == "function":
            return self._function(token)
        if token.kind == "open":
            self.frames.append(_Frame())
            return "("
        if token.kind == "reference":
            return self._reference(frame, token)
        if token.kind == "table":
            raise CannotTranslate("it refers to a table in a way that is not understood")
        if token.kind == "error":
            return token.text[token.text.rindex("#") :]
        if token.kind == "operator" and token.text in ":#":
            self.made.anywhere |= token.text == ":"
            frame.several = True
        frame.several |= token.kind == "array" or (token.kind == "name" and self.several_locals)
        return token.text

    # ---- functions

    def _function(self, token: Token) -> str:
        plain = bare(token.body)
        name = plain.upper()
        if not self._ours(token):
            if token.sheet:
                raise CannotTranslate(f"it calls {plain} of another workbook or add-in")
            self.made.functions.add(name)
            self.made.anywhere |= name in _ANYWHERE
            self.frames.append(_Frame(name))
            return f"{plain}("
        site = Site(self.spot, name)
        number = len(self.sites)
        self.sites.append(site)
        self.made.sites.append(number)
        self.frames.append(_Frame(name, site))
        return f"{name}({number}"

    def _end_of_argument(self, frame: _Frame, *, last: bool) -> str:
        """Note what an argument was; put a blank where one of ours is left out."""
        given, several = frame.in_argument, frame.several
        frame.in_argument, frame.several = [], False
        if last and not given and not frame.arguments:
            return ""
        position = len(frame.arguments)
        one = given[0] if len(given) == 1 else None
        frame.arguments.append(Argument(several, one.rect if one else None, one.text if one else "…" if given else ""))
        if frame.site is None:
            if several and frame.function and not takes_several(frame.function, position):
                raise CannotTranslate(f"it uses {frame.function} over several values, which needs a spreadsheet program")
            self.several_locals |= several and frame.function in SCOPES
            return ""
        if one is not None and one.rect is not None:
            frame.site.cells[position] = Reference(one.sheet, one.rect)
        if given:
            return ""
        blank = f"{quote_sheet(BLANK_SHEET)}!A1"
        return blank if position else f",{blank}"

    def _answers_several(self, frame: _Frame) -> bool:
        if frame.site is None:
            return gives_several(frame.function, frame.arguments) if frame.function else any(one.several for one in frame.arguments)
        spec = self.ours[frame.site.name]
        if spec.result == "array":
            return True
        for arg, given in zip(spec.args, frame.arguments, strict=False):
            one_row = arg.shape == "rows" and given.rect is not None and given.rect.height == 1
            if given.several and arg.shape in ("column", "rows") and not one_row:
                return True
        return False

    # ---- references

    def _reference(self, frame: _Frame, token: Token) -> str:
        rect = token.rect
        assert rect is not None  # noqa: S101 - what makes it a reference
        if ":" in token.sheet:
            return self._across_sheets(frame, token, rect)
        if frame.site is not None:
            rect = self._clipped(rect, token.sheet)
        self.made.references.append(Reference(token.sheet, rect))
        frame.several |= rect.height * rect.width > 1
        return f"{quote_sheet(token.sheet)}!{rect.a1()}" if token.sheet != self.spot.sheet else rect.a1()

    def _across_sheets(self, frame: _Frame, token: Token, rect: Rect) -> str:
        first, _, last = token.sheet.partition(":")
        sheets = self.facts.sheets_between(first, last)
        if not sheets:
            return "#REF!"
        if frame.function not in _ACROSS_SHEETS or frame.in_argument:
            raise CannotTranslate("it refers to a cell of several sheets at once")
        self.made.references += [Reference(sheet, rect) for sheet in sheets]
        return ",".join(f"{quote_sheet(sheet)}!{rect.a1()}" for sheet in sheets)

    def _clipped(self, rect: Rect, sheet: str) -> Rect:
        """End whole columns and rows given to our functions where all sheets that the formula names in this way end."""
        if (rect.row, rect.last_row) == (1, MAX_ROW):
            return rect._replace(last_row=max(self._ends(sheet, 0)))
        if (rect.column, rect.last_column) == (1, MAX_COLUMN):
            return rect._replace(last_column=max(self._ends(sheet, 1)))
        return rect

    def _ends(self, sheet: str, axis: int) -> list[int]:
        wholes = {sheet}
        for token in self.cut:
            whole = token.rect is not None and (token.rect.height, token.rect.width)[axis] == (MAX_ROW, MAX_COLUMN)[axis]
            if whole and ":" not in token.sheet:
                wholes.add(token.sheet)
        extents = [self.facts.extent(one) for one in wholes]
        return [extent.last_column if axis else extent.last_row for extent in extents]
