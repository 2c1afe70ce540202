"""Clauses of a contract in its text: which are there, in which words, with which number.

    text -> sentences -> per clause: decoy? strong? weak? -> the strongest, earliest sentence, its words and its number

Present: the clause says what it must (a prepayment of 30% or more, a rate of penalty, a court or an arbitrator, a law, title kept
until payment, days to inspect, a court that is named). Weak: it is spoken of, without that. Absent: nothing found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.clause_numbers import number_of
from functions.clause_words import BY_LANGUAGE, CLAUSES, Words
from xladdin.errors import InvalidValue
from xladdin.registry import Arg, Example, Rows, function

Texts = NDArray[np.object_]
CATEGORY: Final = "Contract terms"
STATES: Final = ("absent", "weak", "present")
PREPAYMENT_FLOOR: Final = 0.3  # house rule: at least 30% before the goods leave
LONGEST_SENTENCE: Final = 1200  # what runs on longer is cut, so that the time of a search stays in line with the text
NUMBERED: Final = frozenset({"prepayment", "instalments", "penalty", "acceptance"})
MOST: Final = 2 * STATES.index("present") + 1
NEAR: Final = {"en": 120, "zh": 40}  # characters before and after the words of a clause in which a decoy counts
MOST_HITS: Final = 3
_REMEMBERED: Final = 8192  # sentences; a firm's contracts repeat each other's
_MONEY: Final = re.compile(r"pa(?:y|id)|price|falls? due|consideration|deposit|T/T|amount|balance|付|款|定金|结清", re.IGNORECASE)
_CHINESE: Final = re.compile(r"[一-鿿]")
_LATIN: Final = re.compile(r"[A-Za-z]{3}")
_ENDS: Final = {
    "zh": re.compile(r"[。；！？\n]+"),
    "en": re.compile(r"(?:[.;!?](?=[\s\"”'’])\s*(?![a-z]))+|\n\s*\n|\n(?=\s*(?:\d+\.|\([a-z\d]\)|•|-\s))|[。；]"),
}
_SHORT: Final = re.compile(r"(?:\b(?:No|Nos|Inc|Ltd|Co|Corp|Art|Sec|Mr|Dr|St|vs?|e\.g|i\.e|U\.S|cf)|\b[A-Z]|\(?\b\d{1,3}(?:\.\d+)*)\.\s*\Z")


@dataclass(frozen=True, slots=True)
class ClauseFinding:
    """One clause of a text: its state, its words, where they stand, its number.

    `unit` is that of the number (share, per day, per month, per year, instalments, days) or, where there is no number, what was found:
    court or arbitration, the law, exclusive or non-exclusive.
    """

    clause: str
    state: str
    quote: str = ""
    start: int = -1
    end: int = -1
    number: float | None = None
    unit: str = ""


def find_clauses(text: str, language: str | None = None) -> list[ClauseFinding]:
    """Find the eight clauses in a contract's text, one finding a clause in the order of CLAUSES, absent ones too.

    `language`: en, zh, or None for whichever of them the text is written in, both for a bilingual one.
    """
    languages = (language,) if language else _languages(text)
    best = {clause: ClauseFinding(clause, "absent") for clause in CLAUSES}
    for one in languages:
        for start, end in _sentences(text, one):
            sentence = text[start:end]
            for words in _clauses_named(sentence, one):
                before = best[words.clause]
                if _worth(before) == MOST:
                    continue
                found = _judge(sentence, words)
                if found is not None and _worth(found) > _worth(before):
                    best[words.clause] = ClauseFinding(
                        found.clause, found.state, found.quote, start + found.start, start + found.end, found.number, found.unit
                    )
    return list(best.values())


def _languages(text: str) -> tuple[str, ...]:
    return tuple(name for name, letters in (("zh", _CHINESE), ("en", _LATIN)) if letters.search(text))


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    start = 0
    ends = [
        match.end()
        for match in _ENDS[language].finditer(text)
        if language == "zh" or not _SHORT.search(text, max(0, match.start() - 6), match.end())
    ]
    for end in [*ends, len(text)]:
        while end - start > LONGEST_SENTENCE:
            yield start, start + LONGEST_SENTENCE
            start += LONGEST_SENTENCE
        if end > start:
            yield start, end
        start = end


def _worth(found: ClauseFinding) -> int:
    """Rank findings of one clause: its state first, then whether its number is told ("inspection per annex 1" is less than "in 7 days")."""
    return 2 * STATES.index(found.state) + (found.number is not None or found.clause not in NUMBERED)


@lru_cache(maxsize=_REMEMBERED)
def _clauses_named(sentence: str, language: str) -> tuple[Words, ...]:
    """Return the clauses of which a sentence holds a key."""
    lower = sentence.lower()
    return tuple(words for words in BY_LANGUAGE[language] if any(key in lower for key in words.keys))


@lru_cache(maxsize=_REMEMBERED)
def _judge(sentence: str, words: Words) -> ClauseFinding | None:
    """Say what a sentence holds of a clause, and where in it; None where nothing, or where it speaks of something else."""
    if words.clause == "instalments" and not _MONEY.search(sentence):
        return None
    strong = _clear_of_decoys(words.strong, sentence, words)
    hit = strong or _clear_of_decoys(words.weak, sentence, words)
    if hit is None:
        return None
    number, unit = number_of(words.clause, sentence, hit)
    state = "present" if strong else "weak"
    if words.clause == "prepayment" and (number is None or number < PREPAYMENT_FLOOR):
        state = "weak"
    quote = " ".join(sentence.split())
    lead = len(sentence) - len(sentence.lstrip())
    return ClauseFinding(words.clause, state, quote, lead, len(sentence.rstrip()), number, unit)


def _clear_of_decoys(pattern: re.Pattern[str], sentence: str, words: Words) -> re.Match[str] | None:
    """Find the first words of a clause with no decoy in or near them; a decoy elsewhere in a long sentence speaks of something else."""
    for hit in islice(pattern.finditer(sentence), MOST_HITS):
        near = NEAR[words.language]
        if not words.decoy.search(sentence, max(0, hit.start() - near), hit.end() + near):
            return hit
    return None


@lru_cache(maxsize=256)
def _remembered(text: str, language: str) -> dict[str, ClauseFinding]:
    """Read a text once although eight cells ask about it."""
    return {finding.clause: finding for finding in find_clauses(text, language or None)}


def _findings(text: Texts, clause: Texts, language: str) -> tuple[list[ClauseFinding], NDArray[np.bool_]]:
    unknown = ~np.isin(clause, CLAUSES)
    return [
        _remembered(one, language).get(name, ClauseFinding(name, "absent"))
        for one, name in zip(text.tolist(), clause.tolist(), strict=True)
    ], unknown


def _unknown(clause: Texts, row: int) -> InvalidValue:
    return InvalidValue(f'there is no clause "{clause[row]}"; clauses are {", ".join(CLAUSES)}')


TEXT = Arg("text", "text", "Text of the contract or a part of it.", "合同文本或其中一段。", shape="column", blank="missing")
CLAUSE = Arg("clause", "text", f"One of {', '.join(CLAUSES)}.", f"条款名称：{'、'.join(CLAUSES)}。", shape="column")
LANGUAGE = Arg(
    "language", "text", "en, zh; blank: as written.", "en 或 zh；空白自动识别。", default="", blank="missing", choices=("", "en", "zh")
)
SOURCE: Final = "House rule: prepayment of 30% or more, a rate for late payment, court or arbitration, law, title kept, days to inspect."
LATE_ZH: Final = "买方逾期付款的，每日按逾期金额的万分之五支付违约金。"


@function(
    category=CATEGORY,
    help_zh="合同条款检查：present 有、weak 弱、absent 无；中英文文本均可。",
    args=(TEXT, CLAUSE, LANGUAGE),
    result="text",
    source=SOURCE,
    errors=(InvalidValue,),
    examples=(
        Example((LATE_ZH, "penalty"), "present", "Five per ten thousand a day.", "每日万分之五。"),
        Example(("Any dispute shall be settled amicably.", "dispute"), "weak", "No court, no arbitrator.", "未约定法院或仲裁。"),
        Example(("The Buyer pays storage of 0.1% per day.", "penalty"), "absent", "A storage fee is no penalty.", "仓储费不是违约金。"),
    ),
)
def clause_check(text: Texts, clause: Texts, language: str = "") -> Rows:
    """Whether a contract's text holds a clause: present, weak (spoken of without what it must say) or absent.

    `text`: n texts; `clause`: n names of clauses; `language`: en, zh or blank. Answers n words; CREDITWHY shows the number found.
    InvalidValue for an unknown clause.
    """
    found, unknown = _findings(text, clause, language)
    made = Rows(np.array([finding.state for finding in found], dtype=object))
    made.fail(unknown, lambda row: _unknown(clause, row))
    told = np.array([bool(finding.unit) for finding in found])
    return made.remark(told, lambda row: " ".join(filter(None, (_shown(found[row].number), found[row].unit))))


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


@function(
    category=CATEGORY,
    help_zh="合同条款原文：返回找到的句子，没有则为空。",
    args=(TEXT, CLAUSE, LANGUAGE),
    result="text",
    source=SOURCE,
    errors=(InvalidValue,),
    examples=(Example((LATE_ZH, "penalty"), LATE_ZH, "The sentence found.", "找到的句子。"),),
)
def clause_quote(text: Texts, clause: Texts, language: str = "") -> Rows:
    """Words of a clause in a contract's text: the sentence found, empty when absent.

    Arguments and errors as CLAUSECHECK. Answers n texts, at most 1,200 characters each.
    """
    found, unknown = _findings(text, clause, language)
    return Rows(np.array([finding.quote for finding in found], dtype=object)).fail(unknown, lambda row: _unknown(clause, row))
