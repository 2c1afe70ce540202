"""A formula of the file made plain for a calculator: no tables, no names, no prefixes, our functions numbered.

Each call of ours gets the number of its call site as first argument, so that the callback knows which cell asks: that is how
every cell has its reasons and CREDITWHY its answer. An argument left out refers to an empty sheet: a blank, which 0 is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xladdin.hosts.file import formulas
from xladdin.hosts.file.recalc.emit import Emitter
from xladdin.hosts.file.recalc.lexer import Token, tokens
from xladdin.hosts.file.recalc.structured import NoSuchPart, locate, table_name
from xladdin.hosts.file.recalc.terms import SCOPES, CannotTranslate, Site, Translated, bare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xladdin.hosts.file.calculator import Spot
    from xladdin.hosts.file.recalc.facts import Facts
    from xladdin.registry import Function

_LOCALS: Final = "_xlpm."
_DEPTH: Final = 16


class Translator:
    """Translates the formulas of one workbook; `sites` collects the calls of our functions over all of them."""

    def __init__(self, facts: Facts, ours: Mapping[str, Function]) -> None:
        self.facts, self.ours = facts, ours
        self.sites: list[Site] = []

    def is_ours(self, formula: list[Token]) -> bool:
        """Tell whether a formula calls a function of ours."""
        return any(token.kind == "function" and bare(token.body).upper() in self.ours for token in formula)

    def translate(self, formula: list[Token], spot: Spot) -> Translated:
        """Translate the formula of a cell. Raises CannotTranslate."""
        made = Emitter(self.facts, self.ours, self.sites, spot).emit(self._plain(formula, spot, 0))
        made.formula = "=" + made.formula
        return made

    # ---- names and tables

    def _plain(self, cut: list[Token], spot: Spot, depth: int) -> list[Token]:
        """Put references in the place of names and tables."""
        if all(token.kind not in ("name", "table") and not token.sheet for token in cut):
            return [token._replace(sheet=spot.sheet) if token.rect else token for token in cut]
        scopes = any(token.kind == "function" and bare(token.body).upper() in SCOPES for token in cut)
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
