"""A formula of the file made plain for a calculator: no tables, no names, no prefixes, our functions numbered.

Each call of ours gets the number of its call site as first argument, so that the callback knows which cell asks: that is how
every cell has its reasons and CREDITWHY its answer. An argument left out refers to an empty sheet: a blank, which 0 is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from xladdin.hosts.file import formulas
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, quote_sheet
from xladdin.hosts.file.recalc.lexer import Token, tokens
from xladdin.hosts.file.recalc.structured import NoSuchPart, locate, table_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from xladdin.hosts.file.calculator import Spot
    from xladdin.hosts.file.recalc.facts import Facts

BLANK_SHEET: Final = "an argument of ours that is left out"  # longer than the name of a tab can be
_PREFIXES: Final = ("_xlfn.", "_xlws.", "_xludf.", "_xll.")
_LOCALS: Final = "_xlpm."
_DEPTH: Final = 16
_ANYWHERE: Final = frozenset({"OFFSET", "INDIRECT"})  # what they refer to is known only when they are calculated
_SCOPES: Final = frozenset({"LET", "LAMBDA"})
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


class Reference(NamedTuple):
    """A rectangle of a sheet."""

    sheet: str
    rect: Rect


class CannotTranslate(Exception):
    """The formula says something a closed workbook cannot answer; the text says what."""


@dataclass(slots=True)
class Site:
    """One call of one of our functions; `cells` are the references given as its arguments, by position."""

    spot: Spot
    name: str
    cells: dict[int, Reference] = field(default_factory=dict)


@dataclass(slots=True)
class Translated:
    """A plain formula (with its equal sign), what it refers to and calls."""

    formula: str = ""
    references: list[Reference] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    sites: list[int] = field(default_factory=list)
    anywhere: bool = False
    several: bool = False  # a range or an array stands in it, so the answer may be several values
    intersects: bool = False  # an operator stands beside a range: unless entered as an array formula, Excel takes one cell of it
    alone: bool = False  # the formula is one call of ours and nothing else


@dataclass(slots=True)
class _Frame:
    """An open parenthesis."""

    function: str = ""
    site: Site | None = None
    position: int = 0
    in_argument: list[Token] = field(default_factory=list)


class Translator:
    """Translates the formulas of one workbook; `sites` collects the calls of our functions over all of them."""

    def __init__(self, facts: Facts, ours: Collection[str]) -> None:
        self.facts, self.ours = facts, frozenset(ours)
        self.sites: list[Site] = []

    def is_ours(self, formula: list[Token]) -> bool:
        """Tell whether a formula calls a function of ours."""
        return any(token.kind == "function" and _bare(token.body).upper() in self.ours for token in formula)

    def translate(self, formula: list[Token], spot: Spot) -> Translated:
        """Translate the formula of a cell. Raises CannotTranslate."""
        made = _Emitter(self, spot, self._plain(formula, spot, 0)).emit()
        made.formula = "=" + made.formula
        return made

    # ---- names and tables

    def _plain(self, cut: list[Token], spot: Spot, depth: int) -> list[Token]:
        """Put references in the place of names and tables."""
        if all(token.kind not in ("name", "table") and not token.sheet for token in cut):
            return [token._replace(sheet=spot.sheet) if token.rect else token for token in cut]
        scopes = any(token.kind == "function" and _bare(token.body).upper() in _SCOPES for token in cut)
        out: list[Token] = []
        for token in cut:
            if token.kind == "name":
                out += self._name(token, spot, depth, scopes=scopes)
            elif token.kind == "table":
                out.append(self._table(token, spot))
            elif token.kind == "reference":
                out.append(self._reference(token, spot))
            else:
                out.append(token)
        return out

    def _reference(self, token: Token, spot: Spot) -> Token:
        if not token.sheet:
            return token._replace(sheet=spot.sheet)
        if "[" in token.sheet:
            raise CannotTranslate("it refers to another workbook")
        if ":" in token.sheet:
            return token  # several sheets: their function decides
        sheet = self.facts.sheet(token.sheet)
        return Token("error", "#REF!") if sheet is None else token._replace(sheet=sheet)

    def _name(self, token: Token, spot: Spot, depth: int, *, scopes: bool) -> list[Token]:
        if token.body.upper() in ("TRUE", "FALSE"):
            return [token]
        if token.body.startswith(_LOCALS):
            return [token._replace(text=token.body.removeprefix(_LOCALS))]
        if "[" in token.sheet:
            raise CannotTranslate("it refers to another workbook")
        owner = token.sheet or spot.sheet
        stands_for = self.facts.name(owner, token.body)
        if stands_for is None and not token.sheet and token.body.lower() in self.facts.tables:
            return [self._table(token._replace(text=f"{token.body}[]"), spot)]
        if stands_for is None:
            if scopes:
                return [token]
            raise CannotTranslate(f"the workbook has no name {token.body}")
        if depth >= _DEPTH:
            raise CannotTranslate(f"the name {token.body} refers to itself")
        moved = formulas.shift(stands_for, spot.row - 1, spot.column - 1)  # relative references count from A1
        inner = self._plain(tokens(moved), spot._replace(sheet=self.facts.sheet(owner) or spot.sheet), depth + 1)
        return inner if len(inner) == 1 else [Token("open", "("), *inner, Token("close", ")")]

    def _table(self, token: Token, spot: Spot) -> Token:
        name = table_name(token.text)
        table = self.facts.tables.get(name.lower()) if name else self.facts.table_at(*spot)
        if table is None:
            raise CannotTranslate(f"the workbook has no table {name or 'here'}")
        try:
            rect = locate(table, token.text, spot.row)
        except NoSuchPart as error:
            raise CannotTranslate(str(error)) from None
        return Token("reference", token.text, table.sheet, rect.a1(), rect)


class _Emitter:
    """Writes one formula."""

    def __init__(self, translator: Translator, spot: Spot, cut: list[Token]) -> None:
        self.translator, self.spot, self.cut = translator, spot, cut
        self.made = Translated()
        self.frames: list[_Frame] = [_Frame()]
        self.closed_at: list[int] = []

    def emit(self) -> Translated:
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
        solid = [index for index, token in enumerate(self.cut) if token.kind != "space"]
        self.made.alone = bool(solid) and self._ours(self.cut[solid[0]]) and outermost_ends == solid[-1]
        return self.made

    def _operator(self, index: int) -> None:
        beside = self.cut[max(index - 1, 0) : index + 2]
        ranges = any(token.rect is not None and token.rect.height * token.rect.width > 1 for token in beside)
        if ranges and not any(frame.function in _OF_ARRAYS for frame in self.frames):
            self.made.intersects = True

    def _ours(self, token: Token) -> bool:
        return token.kind == "function" and _bare(token.body).upper() in self.translator.ours

    def _token(self, token: Token) -> str:
        frame = self.frames[-1]
        if token.kind == "comma":
            return self._end_of_argument(frame, last=False) + ","
        if token.kind == "close":
            if len(self.frames) == 1:
                raise CannotTranslate("its parentheses do not close")
            ending = self._end_of_argument(frame, last=True)
            self.frames.pop()
            return ending + ")"
        text = self._piece(frame, token)
        begins = frame.site is not None and not frame.in_argument and token.kind != "space" and frame.position == 0
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
        if token.kind == "array":
            self.made.several = True
        elif token.kind == "table":
            raise CannotTranslate("it refers to a table in a way that is not understood")
        elif token.kind == "operator" and token.text == ":":
            self.made.anywhere = self.made.several = True
        elif token.kind == "error":
            return token.text[token.text.rindex("#") :]
        return token.text

    def _function(self, token: Token) -> str:
        bare = _bare(token.body)
        if not self._ours(token):
            if token.sheet:
                raise CannotTranslate(f"it calls {bare} of another workbook or add-in")
            self.made.functions.add(bare.upper())
            self.made.anywhere |= bare.upper() in _ANYWHERE
            self.made.several |= bare.upper() in _ANYWHERE
            self.frames.append(_Frame(bare.upper()))
            return f"{bare}("
        site = Site(self.spot, bare.upper())
        number = len(self.translator.sites)
        self.translator.sites.append(site)
        self.made.sites.append(number)
        self.frames.append(_Frame(bare.upper(), site))
        return f"{bare.upper()}({number}"

    def _end_of_argument(self, frame: _Frame, *, last: bool) -> str:
        """Note what an argument of ours referred to; put a blank where one is left out."""
        given = frame.in_argument
        frame.in_argument = []
        if frame.site is None:
            return ""
        position, frame.position = frame.position, frame.position + 1
        if not given:
            if last and position == 0:
                return ""
            blank = f"{quote_sheet(BLANK_SHEET)}!A1"
            return f",{blank}" if position == 0 else blank
        if len(given) == 1 and given[0].rect is not None:
            frame.site.cells[position] = Reference(given[0].sheet, given[0].rect)
        return ""

    def _reference(self, frame: _Frame, token: Token) -> str:
        rect = token.rect
        assert rect is not None  # noqa: S101 - what makes it a reference
        if ":" in token.sheet:
            return self._across_sheets(frame, token, rect)
        if frame.site is not None:
            rect = self._clipped(rect, token.sheet)
        self.made.references.append(Reference(token.sheet, rect))
        self.made.several |= rect.height * rect.width > 1
        return f"{quote_sheet(token.sheet)}!{rect.a1()}" if token.sheet != self.spot.sheet else rect.a1()

    def _across_sheets(self, frame: _Frame, token: Token, rect: Rect) -> str:
        first, _, last = token.sheet.partition(":")
        sheets = self.translator.facts.sheets_between(first, last)
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
        extents = [self.translator.facts.extent(one) for one in wholes]
        return [extent.last_column if axis else extent.last_row for extent in extents]


def _bare(name: str) -> str:
    """Take the prefixes off that files put before functions younger than the format, and before those of add-ins."""
    low = name.lower()
    while low.startswith(_PREFIXES):
        name = name[name.index(".") + 1 :]
        low = name.lower()
    return name
