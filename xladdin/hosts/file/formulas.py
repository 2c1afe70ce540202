"""Formulas as text: moving their references, renaming sheets in them, and the names Excel writes differently in files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xladdin.hosts.file import xml
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, column_name, column_number, quote_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

# functions younger than the file format: Excel shows SORT but writes _xlfn._xlws.SORT
_WITH_SHEET_PREFIX: Final = {"FILTER", "SORT", "PY"}
_NEW: Final = frozenset(
    """
    ACOT ACOTH AGGREGATE ARABIC ARRAYTOTEXT BASE BETA.DIST BETA.INV BINOM.DIST BINOM.DIST.RANGE BINOM.INV BITAND BITLSHIFT BITOR
    BITRSHIFT BITXOR BYCOL BYROW CEILING.MATH CEILING.PRECISE CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST CHOOSECOLS
    CHOOSEROWS COMBINA CONCAT CONFIDENCE.NORM CONFIDENCE.T COT COTH COVARIANCE.P COVARIANCE.S CSC CSCH DAYS DECIMAL DROP ECMA.CEILING
    ERF.PRECISE ERFC.PRECISE EXPAND EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST FIELDVALUE FILTERXML FLOOR.MATH FLOOR.PRECISE
    FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT FORECAST.LINEAR FORMULATEXT GAMMA GAMMA.DIST
    GAMMA.INV GAMMALN.PRECISE GAUSS GROUPBY HSTACK HYPGEOM.DIST IFNA IFS IMAGE IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN
    ISFORMULA ISO.CEILING ISOMITTED ISOWEEKNUM LAMBDA LET LOGNORM.DIST LOGNORM.INV MAKEARRAY MAP MAXIFS MINIFS MODE.MULT MODE.SNGL
    MUNIT NEGBINOM.DIST NETWORKDAYS.INTL NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV NUMBERVALUE PDURATION PERCENTILE.EXC PERCENTILE.INC
    PERCENTRANK.EXC PERCENTRANK.INC PERMUTATIONA PHI PIVOTBY POISSON.DIST QUARTILE.EXC QUARTILE.INC QUERYSTRING RANDARRAY RANK.AVG
    RANK.EQ REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST RRI SCAN SEC SECH SEQUENCE SHEET SHEETS SINGLE SKEW.P SORTBY STDEV.P STDEV.S
    SWITCH T.DIST T.DIST.2T T.DIST.RT T.INV T.INV.2T T.TEST TAKE TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW TRIMRANGE UNICHAR
    UNICODE UNIQUE VALUETOTEXT VAR.P VAR.S VSTACK WEBSERVICE WEIBULL.DIST WORKDAY.INTL WRAPCOLS WRAPROWS XLOOKUP XMATCH XOR Z.TEST
    """.split()  # noqa: SIM905 - a long list is read best as a text
) - {"NETWORKDAYS.INTL", "WORKDAY.INTL", "AGGREGATE"}  # Excel 2010 writes these three without prefix

# texts, quoted sheet names and [..] of tables and other books are stepped over; then a cell, a column or a row reference
_SKIP: Final = r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'(?=!)|\[(?:[^\[\]]|\[[^\]]*\])*\]'
_CELL: Final = r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})"
_REFERENCE: Final = re.compile(
    rf"{_SKIP}|(?<![\w.$]){_CELL}(?![\w.(!])|(?<![\w.$:])(\$?)([A-Za-z]{{1,3}}):(\$?)([A-Za-z]{{1,3}})(?![\w.(!$])"
    r"|(?<![\w.$:])(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6})(?![\w.(!])"
)
_FUNCTION: Final = re.compile(rf"{_SKIP}|(?<![\w.])([A-Za-z][A-Za-z0-9.]*)(?=\()")
_PREFIX: Final = re.compile(rf"{_SKIP}|(_xlfn\.(?:_xlws\.)?|_xlpm\.)")
_SHEET: Final = re.compile(r"""("(?:[^"]|"")*")|'((?:[^']|'')*)'(?=!)|(?<![\w.\]'])([A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*)(?=!)""")

_AREA: Final = r"!\$?(?:[A-Za-z]{1,3}\$?[0-9]+|[A-Za-z]{1,3}|[0-9]+)(?::\$?(?:[A-Za-z]{1,3}\$?[0-9]+|[A-Za-z]{1,3}|[0-9]+))?"
_SHEET_REFERENCE: Final = re.compile(
    r"""("(?:[^"]|"")*")|(?:'((?:[^']|'')*)'|(?<![\w.\]'])([A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*))""" + _AREA,
)
_FORMULA_ELEMENT: Final = re.compile(
    rb"(<(?:\w+:)?(?:f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula)(?:\s[^>]*)?>)([^<]+)(?=</)"
)


def to_file(formula: str) -> str:
    """Turn what a user writes (=SORT(A1:A9)) into what the file holds (_xlfn._xlws.SORT(A1:A9))."""

    def prefix(found: re.Match[str]) -> str:
        name = (found[1] or "").upper()
        if name in _WITH_SHEET_PREFIX:
            return f"_xlfn._xlws.{found[1]}"
        return f"_xlfn.{found[1]}" if name in _NEW else found[0]

    return _FUNCTION.sub(prefix, formula.removeprefix("="))


def from_file(formula: str) -> str:
    """Turn a file's formula into what Excel shows, with its equal sign."""
    return "=" + _PREFIX.sub(lambda found: "" if found[1] else found[0], formula)


def shift(formula: str, rows: int, columns: int) -> str:
    """Move the relative references of a formula, as copying it to another cell does; #REF! where that leaves the sheet."""
    if not rows and not columns:
        return formula

    def column(fixed: str, name: str) -> str | None:
        number = column_number(name) + (0 if fixed else columns)
        return f"{fixed}{column_name(number)}" if 1 <= number <= MAX_COLUMN else None

    def row(fixed: str, digits: str) -> str | None:
        number = int(digits) + (0 if fixed else rows)
        return f"{fixed}{number}" if 1 <= number <= MAX_ROW else None

    def move(found: re.Match[str]) -> str:
        if found[2]:
            if column_number(found[2]) > MAX_COLUMN or int(found[4]) > MAX_ROW:
                return found[0]  # a name such as LOG10 or TAX2024
            parts = [column(found[1], found[2]), row(found[3], found[4])]
            joint = ""
        elif found[6]:
            parts, joint = [column(found[5], found[6]), column(found[7], found[8])], ":"
        elif found[10]:
            parts, joint = [row(found[9], found[10]), row(found[11], found[12])], ":"
        else:
            return found[0]
        return "#REF!" if None in parts else joint.join(part or "" for part in parts)

    return _REFERENCE.sub(move, formula)


def rename_sheet(formula: str, old: str, new: str) -> str:
    """Follow a sheet's new name in a formula."""

    def follow(found: re.Match[str]) -> str:
        name = found[3] or (found[2] or "").replace("''", "'")
        return quote_sheet(new) if name.lower() == old.lower() and not found[1] else found[0]

    return _SHEET.sub(follow, formula)


def drop_sheet(formula: str, name: str) -> str:
    """Write #REF! for references to a sheet that is deleted, as Excel does."""

    def follow(found: re.Match[str]) -> str:
        sheet = found[3] or (found[2] or "").replace("''", "'")
        return "#REF!" if sheet.lower() == name.lower() and not found[1] else found[0]

    return _SHEET_REFERENCE.sub(follow, formula)


def edit_in_part(data: bytes, change: Callable[[str], str]) -> bytes:
    """Edit all formulas of an XML part."""

    def follow(found: re.Match[bytes]) -> bytes:
        formula = xml.unescape_entities(found[2].decode())
        edited = change(formula)
        return found[0] if edited == formula else found[1] + xml.escape_text(edited).encode()

    return _FORMULA_ELEMENT.sub(follow, data)


def balanced(formula: str) -> bool:
    """Tell whether a formula's parentheses and quotes close."""
    if formula.count('"') % 2:
        return False
    depth = 0
    for letter in re.sub(_SKIP, "", formula):
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0
