"""Amounts of money: rounding half-up to the minor unit of their currency.

Half-up means away from zero at the half, as invoices are rounded, and the half is that of the number as it is written: 2.675
is 2.68 although the binary number nearest to it lies a little below. `numpy.round` and `round` do neither.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from xladdin.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

DEFAULT_DIGITS: Final = 2  # where no currency is given
#: relative distance below the half that sums and quotients of ours may be off by: ten roundings of a binary number
COMPUTED: Final = 10 * float(np.finfo(np.float64).eps)
_EXACT: Final = 2.0**52  # from here on a number has no fraction to round
_ALSO_WRITTEN: Final = {"RMB": "CNY"}


@lru_cache(maxsize=1)
def _known_currencies() -> frozenset[str]:
    from babel.core import get_global  # noqa: PLC0415 - 40 ms that a sheet without currencies need not wait for

    return frozenset(get_global("all_currencies"))


@lru_cache(maxsize=1024)
def minor_units(currency: str) -> int:
    """Return the digits after the decimal point that a currency is paid in: CNY 2, JPY 0, KWD 3; blank: 2.

    The digits are those of the Unicode CLDR, which follow practice: where ISO 4217 names a unit nobody pays in, they are fewer
    (IQD 0). Raises InvalidValue naming an unknown currency.
    """
    code = currency.strip().upper()
    if not code:
        return DEFAULT_DIGITS
    code = _ALSO_WRITTEN.get(code, code)
    if code not in _known_currencies():
        raise InvalidValue(f'currency "{currency}" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR')
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - see above

    return int(get_currency_precision(code))


def round_half_up(values: Numbers, digits: int | NDArray[np.int64] = DEFAULT_DIGITS, tolerance: float = 0.0) -> Numbers:
    """Round half-up (away from zero) to so many digits after the point; n numbers, digits one number or n.

    Equals decimal's ROUND_HALF_UP of the number as Python writes it, while that has at most 15 digits. `tolerance` (relative)
    takes a number that is so little below the half as the half: COMPUTED for results of our own arithmetic.
    """
    amount = np.abs(np.asarray(values, dtype=np.float64))
    scale = np.power(10.0, digits)
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.floor(amount * scale)
        # The written half k.5 over a power of ten is one correctly rounded division, so it is the binary number that
        # reading the written half gives; comparing with it is comparing what is written.
        half = (whole + 0.5) / scale
        rounded = np.where(amount >= half * (1.0 - tolerance), whole + 1.0, whole) / scale
        result = np.copysign(np.where(amount * scale < _EXACT, rounded, amount), values)
    return np.asarray(result + 0.0)  # no negative zero


def round_money(values: Numbers, currencies: Sequence[str] | NDArray[np.object_] | str = "", tolerance: float = COMPUTED) -> Numbers:
    """Round computed amounts half-up to the minor unit of each row's currency (one code or n; blank: 2 digits).

    Raises InvalidValue naming an unknown currency; `currency_digits` tells which rows have one.
    """
    if isinstance(currencies, str):
        return round_half_up(values, minor_units(currencies), tolerance)
    return round_half_up(values, np.fromiter(map(minor_units, currencies), dtype=np.int64, count=len(currencies)), tolerance)


def currency_digits(currencies: NDArray[np.object_]) -> tuple[NDArray[np.int64], dict[str, InvalidValue]]:
    """Return the minor units of n currencies, and by code the error of each that is unknown (its rows get 2 digits)."""
    errors: dict[str, InvalidValue] = {}
    digits: dict[str, int] = {}
    for code in set(currencies.tolist()):
        try:
            digits[code] = minor_units(code)
        except InvalidValue as error:
            errors[code] = error
            digits[code] = DEFAULT_DIGITS
    return np.fromiter(map(digits.__getitem__, currencies.tolist()), dtype=np.int64, count=currencies.size), errors
