"""Which currencies exist, how many decimals each has, and the everyday names that analysts type."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

# ISO 4217, list one: minor units other than two. (CLDR, which babel carries, counts the decimals in daily use instead.)
_OTHER_UNITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS: Final = {code: digits for digits, codes in _OTHER_UNITS.items() for code in codes.split()}
ALIASES: Final = {
    "RMB": "CNY", "CNH": "CNY", "人民币": "CNY", "美元": "USD", "美金": "USD", "欧元": "EUR", "港币": "HKD", "港元": "HKD",
    "日元": "JPY", "英镑": "GBP", "澳元": "AUD", "加元": "CAD", "新加坡元": "SGD", "瑞士法郎": "CHF", "卢布": "RUB",
}


@cache
def known_currencies() -> frozenset[str]:
    """Return the codes that exist (or existed: an old ledger may hold DEM)."""
    return frozenset(Locale("en").currencies) - {"XXX", "XTS"}  # ISO's "no currency" and "for tests"


def decimals(currency: str) -> int:
    """Return how many decimals a currency's smallest unit has."""
    return _DECIMALS.get(currency, 2)
