"""Invented companies: names made of rare syllables, so that none is meant to be anyone's, and numbers of the right form.

Registration numbers have correct check characters but are drawn at random.
"""

from __future__ import annotations

from typing import Final

import numpy as np

#: city in Chinese, in letters, and its code of administrative division (GB/T 2260)
CITIES: Final = (
    ("上海", "Shanghai", "310115"), ("深圳", "Shenzhen", "440305"), ("宁波", "Ningbo", "330206"), ("苏州", "Suzhou", "320505"),
    ("青岛", "Qingdao", "370212"), ("厦门", "Xiamen", "350206"), ("佛山", "Foshan", "440605"), ("杭州", "Hangzhou", "330106"),
    ("天津", "Tianjin", "120116"), ("成都", "Chengdu", "510107"), ("武汉", "Wuhan", "420111"), ("东莞", "Dongguan", "441900"),
)  # fmt: skip
_SOUNDS: Final = (
    ("澄", "Cheng"), ("屿", "Yu"), ("砾", "Li"), ("栩", "Xu"), ("沐", "Mu"), ("皓", "Hao"), ("翎", "Ling"), ("渊", "Yuan"),
    ("岫", "Xiu"), ("珩", "Heng"), ("霁", "Ji"), ("筠", "Yun"), ("柏", "Bai"), ("璟", "Jing"), ("溯", "Su"), ("昶", "Chang"),
)  # fmt: skip
_TRADES: Final = (
    ("机电", "Electromechanical"), ("家居", "Home Furnishing"), ("五金", "Hardware"), ("纺织", "Textile"), ("塑料", "Plastics"),
    ("贸易", "Trading"), ("照明", "Lighting"), ("汽配", "Auto Parts"), ("包装", "Packaging"), ("建材", "Building Materials"),
)  # fmt: skip
_BEGINNINGS: Final = (
    "Ar", "Bel", "Cor", "Dal", "El", "Fen", "Gar", "Hol", "Il", "Jor", "Kel", "Lum", "Mar", "Nor", "Or", "Pel", "Quin", "Ros", "Sol",
    "Tarn",
)  # fmt: skip
_MIDDLES: Final = ("a", "e", "o", "avi", "eno", "ori", "ume", "ista")
_ENDINGS: Final = ("beck", "dane", "gard", "lund", "mere", "nex", "quist", "rath", "stad", "vik", "wen", "zell")
_BUSINESS: Final = ("Trading", "Supply", "Home", "Tools", "Lighting", "Textiles", "Industrial", "Retail", "Components", "Import")
#: country -> legal form, currency, how its company numbers look
COUNTRIES: Final = {
    "US": ("Inc.", "USD", "{:07d}"),
    "DE": ("GmbH", "EUR", "HRB {:06d}"),
    "GB": ("Ltd", "USD", "{:08d}"),
    "FR": ("SAS", "EUR", "RCS {:09d}"),
    "IT": ("S.r.l.", "EUR", "REA {:07d}"),
    "NL": ("B.V.", "EUR", "KVK {:08d}"),
    "ES": ("S.L.", "EUR", "RM {:06d}"),
    "PL": ("Sp. z o.o.", "EUR", "KRS {:010d}"),
    "JP": ("K.K.", "USD", "{:012d}"),
    "KR": ("Co., Ltd.", "USD", "{:010d}"),
    "VN": ("Co., Ltd.", "USD", "{:010d}"),
    "TH": ("Co., Ltd.", "USD", "{:013d}"),
    "AE": ("LLC", "USD", "CN-{:07d}"),
    "BR": ("Ltda.", "USD", "NIRE {:011d}"),
    "MX": ("S.A. de C.V.", "USD", "FME {:06d}"),
    "AU": ("Pty Ltd", "USD", "ACN {:09d}"),
    "TR": ("A.S.", "EUR", "TSN {:06d}"),
    "SG": ("Pte. Ltd.", "USD", "{:09d}K"),
    "HK": ("Limited", "USD", "{:08d}"),
}
COUNTRY_GRADES: Final = {
    "CN": "A", "US": "A", "DE": "A", "GB": "A", "FR": "A", "NL": "A", "JP": "A", "AU": "A", "SG": "A", "HK": "A", "KR": "A", "IT": "B",
    "ES": "B", "PL": "B", "TH": "B", "AE": "B", "VN": "C", "MX": "C", "BR": "C", "TR": "C",
}  # fmt: skip
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # GB 32100-2015
_BODY_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997


def credit_code(division: str, body: str) -> str:
    """Complete a unified social credit code: company (91), division, eight characters of organisation code, two check characters."""
    rest = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(body, _BODY_WEIGHTS, strict=True)) % 11
    code = f"91{division}{body}{'0X987654321'[rest]}"
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(code, _WEIGHTS, strict=True))
    return code + _ALPHABET[(31 - total % 31) % 31]


def chinese_company(draw: np.random.Generator) -> tuple[str, str, str]:
    """Invent a Chinese company: name in letters, name, registration number."""
    city, city_latin, division = CITIES[draw.integers(len(CITIES))]
    first, second = draw.choice(len(_SOUNDS), 2, replace=False)
    trade, trade_latin = _TRADES[draw.integers(len(_TRADES))]
    name_zh = f"{city}{_SOUNDS[first][0]}{_SOUNDS[second][0]}{trade}有限公司"
    name = f"{city_latin} {_SOUNDS[first][1]}{_SOUNDS[second][1].lower()} {trade_latin} Co., Ltd."
    body = "MA" + "".join(_ALPHABET[number] for number in draw.integers(0, 10, 6))
    return name, name_zh, credit_code(division, body)


def foreign_company(draw: np.random.Generator, country: str) -> tuple[str, str, str]:
    """Invent a company abroad: name, no Chinese name, registration number of the country's form."""
    form, _, number = COUNTRIES[country]
    parts = [words[draw.integers(len(words))] for words in (_BEGINNINGS, _MIDDLES, _ENDINGS)]
    name = f"{''.join(parts)} {_BUSINESS[draw.integers(len(_BUSINESS))]} {form}"
    return name, "", number.format(int(draw.integers(100_000, 999_999)))
