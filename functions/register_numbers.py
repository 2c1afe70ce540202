"""Numbers of company registers and of value added tax: their form and their check digits, from the published rules.

A right check digit says that the number is not mistyped; that the company exists, only the register says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.errors import InvalidValue
from xladdin.registry import Arg, Example, Rows, function

Texts = NDArray[np.object_]
VALID, WRONG_CHECKSUM, WRONG_FORMAT = "valid", "wrong checksum", "wrong format"
USCC_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_ITALIAN_OFFICES: Final = {*range(1, 101), 120, 121, 888, 999}


def luhn(digits: str) -> bool:
    """Check the Luhn sum (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _letters_mod_97(text: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in text)) % 97


def uscc(number: str) -> bool:
    """Unified social credit code, GB 32100-2015: weights 3^i mod 31 over 31 characters."""
    total = sum(USCC_LETTERS.index(letter) * pow(3, index, 31) for index, letter in enumerate(number[:17]))
    return USCC_LETTERS[-total % 31] == number[17]


def lei(number: str) -> bool:
    """Legal entity identifier, ISO 17442-1 with ISO/IEC 7064 MOD 97-10."""
    return _letters_mod_97(number) == 1


def german_vat(number: str) -> bool:
    """German VAT number, ISO/IEC 7064 MOD 11,10 (BZSt: Aufbau der USt-IdNr.)."""
    product = 10
    for digit in number[:8]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(number[8])


def french_vat(number: str) -> bool:
    """French VAT number: key = (12 + 3 x (SIREN mod 97)) mod 97, SIREN by Luhn (BOFiP, BOI-TVA-DECLA-20-10-20)."""
    return luhn(number[2:]) and (12 + 3 * (int(number[2:]) % 97)) % 97 == int(number[:2])


def siret(number: str) -> bool:
    """Check a SIRET by Luhn; the post offices of SIREN 356000000 by the plain sum, a multiple of 5 (INSEE)."""
    return luhn(number) or (number.startswith("356000000") and sum(map(int, number)) % 5 == 0)


def british_vat(number: str) -> bool:
    """British VAT number, HMRC: weights 8 to 2; the sum with the two check digits is a multiple of 97, or is 55 more (from 2009)."""
    total = _weighted(number[:7], (8, 7, 6, 5, 4, 3, 2)) + int(number[7:9])
    return total % 97 == 0 or (total + 55) % 97 == 0


def italian_vat(number: str) -> bool:
    """Italian partita IVA: Luhn, and the code of a province's office (DM 23 December 1976)."""
    return int(number[7:10]) in _ITALIAN_OFFICES and luhn(number)


def spanish_nif(number: str) -> bool:
    """Spanish NIF: of persons mod 23, of companies by Luhn's sum, whose digit or letter depends on the kind (Orden EHA/451/2008)."""
    if number[0] in "XYZ" or number[0].isdigit():
        return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number[:-1].translate(str.maketrans("XYZ", "012"))) % 23] == number[-1]
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(number[1:8])]
    check = -sum(value - 9 if value > 9 else value for value in doubled) % 10
    digit, letter = str(check), "JABCDEFGHI"[check]
    if number[0] in "PQRSNW":
        return number[8] == letter
    return number[8] == digit if number[0] in "ABEH" else number[8] in (digit, letter)


def dutch_vat(number: str) -> bool:
    """Dutch VAT number: RSIN by weights 9 to 2, mod 11, or since 2020 ISO/IEC 7064 MOD 97-10 over NL and the number."""
    rest = _weighted(number[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return rest == int(number[8]) or _letters_mod_97("NL" + number) == 1


#: scheme: (form after the prefix is gone, prefix that may stand before it, check)
SCHEMES: Final[dict[str, tuple[re.Pattern[str], str, Callable[[str], bool]]]] = {
    "USCC": (re.compile(rf"[1-9A-GY][1-9]\d{{6}}[{USCC_LETTERS}]{{9}}[{USCC_LETTERS}]"), "", uscc),
    "LEI": (re.compile(r"[0-9A-Z]{18}\d{2}"), "", lei),
    "DE": (re.compile(r"[1-9]\d{8}"), "DE", german_vat),
    "FR": (re.compile(r"\d{11}"), "FR", french_vat),
    "SIREN": (re.compile(r"\d{9}"), "", luhn),
    "SIRET": (re.compile(r"\d{14}"), "", siret),
    "GB": (re.compile(r"\d{9}(?:\d{3})?"), "GB", british_vat),
    "IT": (re.compile(r"\d{11}"), "IT", italian_vat),
    "ES": (re.compile(r"\d{8}[A-Z]|[XYZ]\d{7}[A-Z]|[A-HJNP-SUVW]\d{7}[0-9A-J]"), "ES", spanish_nif),
    "NL": (re.compile(r"\d{9}B\d{2}"), "NL", dutch_vat),
}
_ALSO: Final = {"CN": "USCC", "统一社会信用代码": "USCC", "CHINA": "USCC", "中国": "USCC", "UK": "GB", "VAT DE": "DE", "VAT FR": "FR"}


def register_check_word(number: str, scheme: str) -> str:
    """Say valid, wrong checksum or wrong format. `scheme`: a key of SCHEMES."""
    form, prefix, check = SCHEMES[scheme]
    bare = re.sub(r"[\s.\-/]", "", number).upper()
    if prefix and bare.startswith(prefix):
        bare = bare[len(prefix) :]
    if not bare.isascii() or not form.fullmatch(bare):
        return WRONG_FORMAT
    return VALID if check(bare) else WRONG_CHECKSUM


@function(
    category="Scoring",
    help_zh="登记号校验：统一社会信用代码、LEI、增值税号等；返回 valid、wrong checksum 或 wrong format。",
    args=(
        Arg("number", "text", "The number; spaces, dots, hyphens do not matter.", "号码，空格与点、横线不计。", shape="column"),
        Arg("country_or_scheme", "text", f"{', '.join(SCHEMES)}; CN = USCC.", f"{'、'.join(SCHEMES)}；CN 即 USCC。", shape="column"),
    ),
    result="text",
    source="GB 32100-2015; ISO 17442 with ISO/IEC 7064; the tax offices' rules named at each check.",
    errors=(InvalidValue,),
    examples=(
        Example(("91110000600037341L", "CN"), VALID, "A unified social credit code.", "统一社会信用代码。"),
        Example(("DE136695977", "DE"), WRONG_CHECKSUM, "The last digit should be 6.", "末位应为6。"),
    ),
)
def register_check(number: Texts, country_or_scheme: Texts) -> Rows:
    """Whether a register or tax number can be right: valid, wrong checksum or wrong format.

    `number`: n texts; `country_or_scheme`: n names. Answers n words. It says nothing of whether the company exists. InvalidValue
    for an unknown scheme, listing those known.
    """
    made = np.full(len(number), "", dtype=object)
    unknown = np.zeros(len(number), dtype=np.bool_)
    seen: dict[tuple[str, str], str | None] = {}
    for row, key in enumerate(zip(number.tolist(), country_or_scheme.tolist(), strict=True)):  # equal cells are checked once
        if key not in seen:
            asked = key[1].strip().upper()
            scheme = _ALSO.get(asked, asked)
            seen[key] = register_check_word(key[0], scheme) if scheme in SCHEMES else None
        word = seen[key]
        unknown[row], made[row] = word is None, word or ""
    return Rows(made).fail(
        unknown, lambda row: InvalidValue(f'there is no scheme "{country_or_scheme[row]}"; known are {", ".join(SCHEMES)}, and CN for USCC')
    )
