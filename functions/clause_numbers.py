"""Numbers in clauses: shares, daily rates, days, instalments, in Western and Chinese writing."""

from __future__ import annotations

import re
from typing import Final

_ZH_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "零": 0, "〇": 0}
_EN_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty-one": 21, "twenty-five": 25, "thirty": 30, "thirty-five": 35, "forty": 40,
    "forty-five": 45, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "one hundred": 100,
}  # fmt: skip
_WORD_EN: Final = "|".join(sorted(_EN_WORDS, key=len, reverse=True))
_NUMERAL: Final = r"(\d{1,4}(?:\.\d{1,6})?|[一二两三四五六七八九十零〇]{1,4})"
_SHARE: Final = re.compile(rf"(\d{{1,3}}(?:\.\d{{1,4}})?)\s{{0,2}}(?:%|％|per\s?cent)|百分之{_NUMERAL}|([一二三四五六七八九])成|\b({_WORD_EN})\s+per\s?cent(?!age|\s*\(\d)", re.IGNORECASE)
_RATE: Final = re.compile(
    rf"(\d{{1,3}}(?:\.\d{{1,6}})?)\s{{0,2}}(%|％|‰|per\s?cent)|(百分之|千分之|万分之){_NUMERAL}|\b(one and one-half|one-half|{_WORD_EN})\s+(per\s?cent)", re.IGNORECASE
)
_PARTS: Final = {"%": 100, "％": 100, "‰": 1000, "百分之": 100, "千分之": 1000, "万分之": 10_000}
_PERIODS: Final = (
    ("per day", re.compile(r"per\s+(?:calendar\s+)?day|a\s+day|each\s+(?:calendar\s+)?day|every\s+day|daily|每日|每天|每逾期一[日天]|每延迟一[日天]|按日|日万分之|日千分之|/日|/天", re.IGNORECASE)),
    ("per month", re.compile(r"per\s+(?:calendar\s+)?month|a\s+month|each\s+month|monthly|每月|按月|月利率|/月", re.IGNORECASE)),
    ("per year", re.compile(r"per\s+annum|per\s+year|a\s+year|annual|每年|年利率|年化|/年", re.IGNORECASE)),
)  # fmt: skip
_DAYS: Final = re.compile(
    rf"(?:{_NUMERAL}|\b({_WORD_EN})\b)\)?\s{{0,2}}个?\s{{0,2}}(?:\(\d+\)\s*)?(?:calendar\s+|business\s+|working\s+)?(days?|hours?|weeks?|日|天|工作日|小时|周)",
    re.IGNORECASE,
)
_TIMES_LPR: Final = re.compile(rf"{_NUMERAL}\s{{0,2}}倍|(\d(?:\.\d{{1,3}})?)\s+times", re.IGNORECASE)
_TIMES: Final = re.compile(rf"分{_NUMERAL}(?:期|次|笔|批)|\b(\d{{1,2}}|{'|'.join(_EN_WORDS)})\b(?:\s+\w+){{0,3}}\s+install?ments?", re.IGNORECASE)
_LAW: Final = re.compile(r"\b[Ll]aws?\s+(?:of|in\s+force\s+in)\s+(?:the\s+)?([A-Z][\w.'’&\- ]{1,60}?)(?=[,.;:)]|\s+(?:and|without|applicable|excluding|shall|will|irrespective|except|with|as|appl(?:y|ies)|governs?|\()|\Z)|\b[Gg]overning\s+[Ll]aw[:.]\s*([A-Z][A-Za-z ]{1,40})")
_LAW_ZH: Final = re.compile(r"(中华人民共和国(?:香港特别行政区)?|香港(?:特别行政区)?|英格兰|[一-龥]{1,6}国|[一-龥]{1,8}州|新加坡|日本|瑞士|荷兰|印度|意大利|奥地利|比利时|加拿大|澳大利亚|马来西亚|印度尼西亚|越南|巴西|西班牙)(?:的)?法")
_ADJECTIVE_LAW: Final = re.compile(r"\b(?!Governing|Applicable|The)([A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s+(?:substantive\s+|contract\s+)?laws?\b")


def numeral(text: str) -> float:
    """Read 15, fifteen, 十五 or 二十."""
    if text[0].isdigit():
        return float(text)
    if text.lower() in _EN_WORDS:
        return float(_EN_WORDS[text.lower()])
    tens, ten, ones = text.partition("十")
    if not ten:
        return float("".join(str(_ZH_DIGITS[digit]) for digit in text))
    return float(10 * (_ZH_DIGITS.get(tens, 1) if tens else 1) + (_ZH_DIGITS.get(ones, 0) if ones else 0))


def shares(text: str) -> list[float]:
    """Return every share in a text as a fraction, in order."""
    return [
        float(match[1]) / 100 if match[1] else numeral(match[2] or match[4]) / 100 if match[2] or match[4] else _ZH_DIGITS[match[3]] / 10
        for match in _SHARE.finditer(text)
    ]


def number_of(clause: str, sentence: str, hit: re.Match[str]) -> tuple[float | None, str]:
    """Return the number a clause speaks of with its unit, or what was found instead of one."""
    words = hit[0]
    if clause == "prepayment":
        found = shares(words) or ([1.0] if re.search(r"全部|全额|款到发货|先款后货|full|entire|cash", words, re.IGNORECASE) else [])
        return (found[0], "share") if found else (None, "")
    if clause == "penalty":
        return _rate(sentence[hit.start() :], sentence)
    if clause == "instalments":
        times = _TIMES.search(sentence)
        if times:
            return numeral(times[1] or times[2]), "instalments"
        parts = shares(sentence)
        rest = bool(parts) and abs(sum(parts) - 1) > 1e-9 and re.search(r"余款|尾款|剩余|其余|余下|balance|remain", sentence, re.IGNORECASE) is not None
        return (float(len(parts) + rest), "instalments") if parts else (None, "")
    if clause == "acceptance":
        days = _DAYS.search(words) or _DAYS.search(sentence)
        return _days(days) if days else (None, "")
    return None, _kind(clause, sentence)


def _rate(words: str, sentence: str) -> tuple[float | None, str]:
    match = _RATE.search(words)
    if match is None:
        times = _TIMES_LPR.search(words)
        return (numeral(times[1] or times[2]), "times LPR") if times else (None, "")
    if match[1]:
        rate = float(match[1]) / _PARTS.get(match[2], 100)
    elif match[3]:
        rate = numeral(match[4]) / _PARTS[match[3]]
    else:
        rate = {"one-half": 0.005, "one and one-half": 0.015}.get(match[5].lower()) or numeral(match[5]) / 100
    around = sentence.find(match[0])
    near = sentence[max(0, around - 60) : around + 80]
    unit = next((name for name, period in _PERIODS if period.search(near)), "")
    return rate, unit or next((name for name, period in _PERIODS if period.search(sentence)), "share")


def _days(match: re.Match[str]) -> tuple[float, str]:
    count, unit = numeral(match[1] or match[2]), match[3].lower()
    if unit.startswith("week") or unit == "周":
        return count * 7, "days"
    return (count, "hours") if unit.startswith("hour") or unit == "小时" else (count, "days")


def _kind(clause: str, sentence: str) -> str:
    lower = sentence.lower()
    if clause == "dispute":
        kinds = [name for name, word in (("arbitration", r"arbitrat|仲裁"), ("court", r"\bcourts?\b|litigat|法院|诉讼|起诉")) if re.search(word, lower)]
        return " and ".join(kinds)
    if clause == "governing-law":
        law = _LAW.search(sentence) or _LAW_ZH.search(sentence) or _ADJECTIVE_LAW.search(sentence)
        named = next(filter(None, law.groups()), "") if law else ""
        return " ".join(named.split())
    if clause == "jurisdiction":
        if re.search(r"non-?\s?exclusive|非排他|非专属", lower):
            return "non-exclusive"
        return "exclusive" if re.search(r"exclusive|sole|专属|排他", lower) else ""
    return ""
