"""Which functions of the spreadsheet take several values where, and which answer with several.

A spreadsheet calculates ABS(A1:A3) cell by cell; a calculator outside may not, and then answers wrongly without saying so. So
several values go only where a function is known to take them; anything else is left to the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xladdin.hosts.file.address import Rect

_EVERY: Final = range(255)
_FROM_SECOND: Final = range(1, 255)
_AGGREGATES: Final = (
    *("SUM", "SUMSQ", "PRODUCT", "SUMPRODUCT", "AVERAGE", "AVERAGEA", "MEDIAN", "MODE", "MODE.SNGL", "GEOMEAN", "HARMEAN"),
    *("COUNT", "COUNTA", "COUNTBLANK", "MAX", "MAXA", "MIN", "MINA", "AND", "OR", "XOR", "CONCAT", "ROWS", "COLUMNS", "ISREF"),
    *("STDEV", "STDEV.P", "STDEV.S", "STDEVA", "STDEVP", "STDEVPA", "VAR", "VAR.P", "VAR.S", "VARA", "VARP", "VARPA", "DEVSQ", "AVEDEV"),
    *("SKEW", "KURT", "CORREL", "PEARSON", "RSQ", "SLOPE", "INTERCEPT", "STEYX", "COVAR", "COVARIANCE.P", "COVARIANCE.S", "ROW", "COLUMN"),
    *("SUMX2MY2", "SUMX2PY2", "SUMXMY2", "IF", "IFERROR", "TRANSPOSE", "FREQUENCY", "VSTACK", "HSTACK", "LET", "LAMBDA"),
)
_PLACES: Final[dict[str, Sequence[int]]] = {
    **dict.fromkeys(_AGGREGATES, _EVERY),
    **dict.fromkeys(("SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"), (0, *range(1, 255, 2))),
    **dict.fromkeys(("SUMIF", "AVERAGEIF"), (0, 2)),
    "COUNTIFS": range(0, 255, 2),
    **dict.fromkeys(("COUNTIF", "INDEX", "OFFSET", "LARGE", "SMALL", "TRIMMEAN", "IRR", "MIRR"), (0,)),
    **dict.fromkeys(("PERCENTILE", "PERCENTILE.INC", "PERCENTILE.EXC", "QUARTILE", "QUARTILE.INC", "QUARTILE.EXC"), (0,)),
    **dict.fromkeys(("PERCENTRANK", "PERCENTRANK.INC", "PERCENTRANK.EXC"), (0,)),
    **dict.fromkeys(
        ("SORT", "UNIQUE", "TAKE", "DROP", "TOCOL", "TOROW", "CHOOSECOLS", "CHOOSEROWS", "EXPAND", "WRAPROWS", "WRAPCOLS"), (0,)
    ),
    **dict.fromkeys(("VLOOKUP", "HLOOKUP", "MATCH", "XMATCH", "RANK", "RANK.EQ", "RANK.AVG"), (1,)),
    **dict.fromkeys(("LOOKUP", "XLOOKUP", "FORECAST", "FORECAST.LINEAR"), (1, 2)),
    **dict.fromkeys(("SUBTOTAL", "CHOOSE", "NPV"), _FROM_SECOND),
    **dict.fromkeys(("AGGREGATE", "TEXTJOIN"), range(2, 255)),
    **dict.fromkeys(("NETWORKDAYS", "WORKDAY"), (2,)),
    **dict.fromkeys(("NETWORKDAYS.INTL", "WORKDAY.INTL"), (3,)),
    "FILTER": (0, 1),
    "SORTBY": _EVERY,
    "XIRR": (0, 1),
    "XNPV": (1, 2),
    "FVSCHEDULE": (1,),
}
_CELL_BY_CELL: Final = frozenset({"IF", "IFERROR", "CHOOSE", "LET", "LAMBDA"})  # several values in, several out
_BLOCKS: Final = frozenset(
    {
        *("TRANSPOSE", "FREQUENCY", "VSTACK", "HSTACK", "SORT", "SORTBY", "UNIQUE", "TAKE", "DROP", "TOCOL", "TOROW", "FILTER"),
        *("CHOOSECOLS", "CHOOSEROWS", "EXPAND", "WRAPROWS", "WRAPCOLS", "SEQUENCE", "RANDARRAY", "TEXTSPLIT", "MMULT", "MUNIT"),
        *("LINEST", "LOGEST", "TREND", "GROWTH", "INDIRECT", "ANCHORARRAY"),
    }
)


@dataclass(slots=True)
class Argument:
    """What a formula gives for an argument: whether it may be several values, the rectangle of a single reference."""

    several: bool
    rect: Rect | None
    text: str  # of a single token; empty for an argument left out, an ellipsis for anything longer


def takes_several(function: str, position: int) -> bool:
    """Tell whether several values may stand in a place."""
    return position in _PLACES.get(function, ())


def gives_several(function: str, given: Sequence[Argument]) -> bool:
    """Tell whether a function may answer with several values."""
    if function in _BLOCKS:
        return True
    several = [argument.several for argument in given]
    if function in _CELL_BY_CELL or function in ("ROW", "COLUMN"):
        return any(several)
    if function == "INDEX":
        return any(several) and not _one_of_them(given)
    if function == "OFFSET":
        return several[:1] == [True] or len(given) > 3
    if function == "XLOOKUP":
        returned = given[2].rect if len(given) > 2 else None
        return returned is None or (returned.height > 1 and returned.width > 1)
    return False


def _one_of_them(given: Sequence[Argument]) -> bool:
    """Tell whether INDEX picks a single cell: a place in each direction, or one place in a single row or column."""
    places, rect = given[1:], given[0].rect
    if not places or any(place.text in ("", "0") for place in places):
        return False
    return len(places) > 1 or rect is None or rect.height == 1 or rect.width == 1
