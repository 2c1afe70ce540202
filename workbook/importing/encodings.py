"""The encoding of a text, found by what its bytes say when they are read: words of one language, or none.

A file names its encoding only where it begins with a mark. Else each encoding that can read all of it is tried, and what comes out is
judged: letters of one alphabet within a word, capitals where capitals stand, characters that names are made of. Where two readings make
sense and differ, nothing is guessed: a name that is read wrong goes into letters and claims.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workbook.importing import alphabets as abc
from workbook.importing.trade_words import WORDS
from xladdin.errors import BadRequest

#: what --encoding is offered; Python knows many more
ENCODINGS: Final = (
    *("utf-8-sig", "utf-8", "utf-16", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "mac_roman", "cp850"),
)
_MARKED: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)  # fmt: skip
_WIDE: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_ESCAPED: Final = ("iso2022_jp_2", "iso2022_kr")
_EAST: Final = ("gb18030", "cp950", "cp932", "euc_jp", "cp949")
#: by which of them is told first where all give the same text
_SINGLE: Final = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp1255", "cp874", "mac_roman", "mac_latin2", "mac_cyrillic"),
    *("iso8859_15", "iso8859_2", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u", "cp850", "cp852", "cp866", "cp437", "cp775", "cp857"),
)
_SAMPLE: Final = 1 << 18  # bytes of lines with anything beyond ASCII
_LINE: Final = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_CROWD: Final = re.compile(r"[^\x00-\x7f’‘]{4}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_GLUED: Final = re.compile(r"(?:(?<=[a-z])|(?<![⺀-鿿가-힯豈-﫿｡-ﾟ])(?=.[a-z]))[⺀-鿿가-힯豈-﫿｡-ﾟ](?![⺀-鿿가-힯豈-﫿｡-ﾟ])")
_CLEAR: Final = 0.4  # share of characters that names are made of, in a reading that is taken
_FAINT: Final = 0.5  # a second reading must have less than this share of the first's
_COMMON: Final = 0.85  # share of the characters that belong to the common part of a character set
_COMMON_CHINESE: Final = 0.7  # names of people hold rarer ones
_LETTERS: Final = 0.62  # mean weight of letters in a language, see _weight
_SHORTEST: Final = 4  # letters of another alphabet that speak for it
_MANY: Final = 6  # words in which two encodings differ and the one of the West makes sense of all
_UNSEEN: Final = frozenset("\u00a0\u00ad")  # the fixed space and the soft hyphen, which copying from a page leaves in codes
_ALONE: Final = frozenset("àéèóöåÀÉ")  # letters beyond ASCII that are a word


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text that the bytes may be, and how much of it is words, from 0 to 1."""

    encoding: str
    text: str
    sense: float


def find_encoding(name: str, data: bytes) -> str:
    """Return the encoding that the bytes speak for. Raises BadRequest when none or two of them are likely."""
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return encoding
    if b"\x00" in data:
        return _wide(name, data)
    if b"\x1b$" in data[:_SAMPLE] or b"\x1b(" in data[:_SAMPLE]:
        for encoding in _ESCAPED:
            if _decodes(data, encoding) and not _CONTROL.search(data[:_SAMPLE].decode(encoding, "replace")):
                return encoding
    if data.isascii():
        return "utf-8"
    sample = _sample(data)
    utf8 = _decodes(data, "utf-8")
    if utf8 and _speaks(sample.decode("utf-8", "replace")):
        return "utf-8"
    found = [one for one in _readings(sample) if _decodes(data, one.encoding)]
    if utf8:  # letters of many scripts side by side: pairs of bytes of another encoding may look so
        if not any(one.sense >= _CLEAR for one in found):
            return "utf-8"
        found.insert(0, _Reading("utf-8", sample.decode("utf-8", "replace"), 1.0))
    if len(found) > 1:
        found = _decided(found)
    if len(found) == 1 and found[0].sense >= _CLEAR:
        return found[0].encoding
    if not found:
        raise BadRequest(f"{name}: the encoding of the text is not clear; say it with --encoding, one of {', '.join(ENCODINGS)}")
    raise BadRequest(f"{name}: the text may be in {' or '.join(_shown(found))}; say which with --encoding")


def _wide(name: str, data: bytes) -> str:
    """Find the order of bytes of a text of two or four bytes a character without a mark."""
    sample = data[:_SAMPLE]  # a whole number of characters
    found = [encoding for encoding in _WIDE if _decodes(data, encoding) and _is_text(sample.decode(encoding, "ignore"))]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadRequest(f"{name}: the text may be in {' or '.join(found)}; say which with --encoding")
    raise BadRequest(f"{name} is neither text nor an Excel or Parquet file")


def _is_text(text: str) -> bool:
    """Tell whether all characters are such as a text holds, among them a line end or what parts columns."""
    kinds = {unicodedata.category(char) for char in set(text) - set("\t\r\n\ufeff")}
    return not kinds & {"Cc", "Cn", "Co", "Cs"} and any(mark in text for mark in ",;\t|\n\r")


def _sample(data: bytes) -> bytes:
    """Return lines with anything beyond ASCII: all, or as many as suffice, from everywhere in the file."""
    lines = list(dict.fromkeys(match[0][:_SAMPLE] for match in _LINE.finditer(data)))
    size = sum(map(len, lines))
    return b"\n".join(lines[:: max(1, -(-size // _SAMPLE))])


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _speaks(text: str) -> bool:
    """Tell whether what is read as UTF-8 is UTF-8 for sure: a character of three bytes, or words of one alphabet."""
    letters = [char for char in text if char > "\x7f"]
    if set(letters) <= _UNSEEN:  # what else its bytes may be, 聽 and 颅 or ﾂｭ alone, nobody writes
        return True
    beyond = len(letters)
    return (any(char > "\u07ff" for char in text) and len(_GLUED.findall(text)) * 5 <= beyond) or _single(text) is not None


def _readings(sample: bytes) -> Iterator[_Reading]:
    """Try the encodings; of those that give the same text the first counts."""
    seen: set[str] = set()
    for encoding in (*_SINGLE, *_EAST):
        try:
            text = sample.decode(encoding)
        except UnicodeError:
            continue
        if text in seen:
            continue
        sense = _east(text, encoding) if encoding in _EAST else _single(text)
        if sense is not None:
            seen.add(text)
            yield _Reading(encoding, text, sense)


def _decided(found: list[_Reading]) -> list[_Reading]:
    """Return the one reading that makes far more sense than all others, else those that may be meant."""
    first, *others = sorted(found, key=lambda one: -one.sense)
    if first.sense >= _CLEAR and all(one.sense < first.sense * _FAINT for one in others):
        return [first]
    meant = [one for one in found if one.sense >= first.sense * _FAINT]
    return _western(meant)


# ---- East Asian readings


def _east(text: str, encoding: str) -> float | None:
    """Return the share of the characters that names are made of; None where the text is none of that language."""
    chars = [char for char in text if char > "\x7f"]
    if any(unicodedata.category(char) in ("Cn", "Co", "Cc", "Cs") for char in set(chars)):
        return None
    letters = [char for char in chars if char not in abc.WIDE_MARKS]
    if not letters or len(_GLUED.findall(text)) * 5 > len(letters):
        return None
    kana = sum("\u3041" <= char <= "\u30fe" or "\uff66" <= char <= "\uff9f" for char in letters) / len(letters)
    hangul = sum("가" <= char <= "힣" for char in letters) / len(letters)
    if encoding == "cp949":
        return _share(letters, abc.HANGUL) if hangul >= _COMMON else None
    common = sum(_is_common(char, encoding) for char in letters) / len(letters)
    if common < (_COMMON_CHINESE if encoding == "gb18030" else _COMMON) or hangul:
        return None
    if encoding in ("cp932", "euc_jp"):
        narrow = [char for char in letters if "\uff61" <= char <= "\uff9f"]  # one byte each, so that any bytes may look so
        if len(narrow) * 3 > len(letters) and (len(narrow) < len(letters) or sum(char < "ﾀ" for char in narrow) * 6 < len(narrow)):
            return None
        return sum("\u3041" <= char <= "\u30fe" or "\uff61" <= char <= "\uff9f" or char in abc.KANJI for char in letters) / len(letters)
    if kana > 0.1:
        return None
    return _share(letters, abc.HANZI if encoding == "gb18030" else abc.HANZI_OLD)


def _share(letters: list[str], names: frozenset[str]) -> float:
    return sum(letter in names for letter in letters) / len(letters)


def _is_common(char: str, encoding: str) -> bool:
    """Tell whether a character belongs to the common part of a set: its first level, kana, and letters of full width."""
    if "\u3041" <= char <= "\u30fe" or "\uff01" <= char <= "\uff9f":
        return True
    code = char.encode({"gb18030": "gb2312", "cp932": "euc_jp"}.get(encoding, encoding), "ignore")
    if len(code) != 2:
        return False
    low, high = {"gb18030": (0xB0, 0xD7), "cp950": (0xA4, 0xC6)}.get(encoding, (0xB0, 0xCF))
    return low <= code[0] <= high


# ---- readings with letters of one byte


def _single(text: str) -> float | None:
    """Return how far a text is made of words of one alphabet each; None where letters or marks stand as in no language."""
    odd, letters, weight = _odd_marks(text), 0, 0.0
    words = [word for word in set(_WORD.findall(text)) if not word.isascii()]
    for word in words:
        script = _script(word)
        if script == "":
            odd += 1
        elif script == "Latin":
            odd += not _is_latin_word(word)
        else:
            odd += not _has_capitals_right(word)
            letters += len(word)
            weight += sum(_weight(char, script) for char in word.lower())
    if odd > len(words) // 50:
        return None
    if letters:
        longest = max(len(word) for word in words)
        if weight / letters < _LETTERS or longest < 3 or letters < _SHORTEST:
            return None
        return min(weight / letters, 1.0)
    return 1.0


def _odd_marks(text: str) -> int:
    """Count what is neither a letter nor a mark of a paper of trade, and marks within a word."""
    odd = 0
    for found in re.finditer(r"[^\x00-\x7f]", text):
        char, at = found[0], found.start()
        if char.isalpha():
            continue
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if unicodedata.category(char) in ("Mn", "Mc"):  # a mark on a letter of the Thai or Hebrew script
            odd += before.isascii()
            continue
        inside = before.isalpha() and after.isalpha()
        alone = char not in abc.MARKS or char in abc.ODD_MARKS or (inside and char not in "’‘·–—\u00ad\u00a0")
        leading = after.isalpha() and (char not in abc.OPENING or (inside and char in "’‘" and not before.isascii()))
        odd += alone or leading
    return odd


def _script(word: str) -> str:
    """Return the one script of a word, nothing for two of them."""
    scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in word if char.isalpha()}
    scripts = {"LATIN" if one in ("FEMININE", "MASCULINE") else one for one in scripts}
    return scripts.pop().capitalize() if len(scripts) == 1 else ""


def _is_latin_word(word: str) -> bool:
    """Tell whether one language has all letters of a word, capitals stand where they should, and accents among other letters."""
    beyond = [char for char in word if char > "\x7f" and char not in "’‘"]
    lower = {char.lower() if char != "İ" else char for char in beyond}
    if not any(lower <= set(letters) for letters in abc.LATIN.values()) or _CROWD.search(word):
        return False
    if len(word) == len(beyond):
        return word in _ALONE
    plain = [char for char in word if char.isascii()]
    if any(char.islower() for char in plain):
        return not any(char.isupper() for char in beyond if char != word[0] and char != "İ")
    return len(plain) < 2 or not any(char.islower() and char != "ß" for char in beyond)


def _has_capitals_right(word: str) -> bool:
    rest = word[1:]
    return word.islower() or word.isupper() or rest.islower() or not rest or word.lower() == word.upper()


def _weight(char: str, script: str) -> float:
    """Weigh a letter by how often it stands: near 0.8 on average in a text, near 0.5 in one read through a wrong table."""
    order = {"Cyrillic": abc.CYRILLIC, "Greek": abc.GREEK}.get(script)
    if order is None:
        return 0.8 if script == "Thai" or char in abc.HEBREW else 0.0
    at = order.find(char)
    if at < 0:
        return 0.7 if char in abc.CYRILLIC_MORE and char in "іїєў" else 0.0
    return 1 - at / len(order)


# ---- Western against Central European


def _western(found: list[_Reading]) -> list[_Reading]:
    """Decide between readings of letters with accents, where many words speak and none of them against.

    A vowel stands between consonants, a consonant beside a vowel. Where that leaves it open, the encoding of the West counts if it makes
    sense of many words: those of another language hold letters that it reads as marks, or as letters of two languages.
    """
    known = [_known_words(one.text) for one in found]
    for one, words in zip(found, known, strict=True):
        if all(others < words for others in known if others is not words):
            return [one]
    kept = found
    for one in found:
        rivals = [other for other in found if other is not one and not _beats(one, other)]
        if not rivals:
            kept = [one]
            break
    return kept


def _known_words(text: str) -> set[str]:
    """Return the words of trade that a reading holds: no other reading gives one by chance."""
    return {word for found in _WORD.findall(text) if len(found) >= _SHORTEST and (word := found.lower()) in WORDS}


def _beats(one: _Reading, other: _Reading) -> bool:
    """Tell whether the words in which two readings differ speak for the first."""
    if min(one.sense, other.sense) < 1:
        return False
    differing = {(a, b) for a, b in zip(_pieces(one.text), _pieces(other.text), strict=False) if a != b and len(a) == len(b)}
    votes = [0, 0]
    for a, b in differing:
        fit = [{_fits(word.lower(), at) for at in range(len(a)) if a[at] != b[at]} for word in (a, b)]
        votes[0] += fit[0] == {True} and False in fit[1]
        votes[1] += fit[1] == {True} and False in fit[0]
    if votes[0] >= 3 and not votes[1]:  # one word may speak for anything by chance
        return True
    return one.encoding == "cp1252" and len(differing) >= _MANY and votes[0] >= votes[1]


def _pieces(text: str) -> list[str]:
    return re.split(r"[\x00-&(-@\[-`{-\x7f]+", text)


def _fits(word: str, at: int) -> bool:
    """Tell whether a letter stands where its kind does."""
    before, after = word[at - 1 : at] if at else "", word[at + 1 : at + 2]
    vowels = [bool(near) and near in abc.VOWELS for near in (before, after)]
    letter = word[at]
    if not letter.isalpha():
        return not (before.isalpha() and after.isalpha())
    if letter == "ñ":
        return vowels[1]
    if letter == "ń":
        return vowels[0] and not vowels[1]
    if letter in abc.VOWELS:
        return not all(vowels)
    return any(vowels)


def _shown(found: list[_Reading]) -> list[str]:
    """Name each encoding with a word that it reads otherwise than the others."""
    lists = [_WORD.findall(one.text) for one in found]
    shown = []
    for one, words in zip(found[:4], lists, strict=False):
        others = {word for other in lists if other is not words for word in other}
        sample = next((word for word in words if not word.isascii() and word not in others), "")
        shown.append(f'{one.encoding} ("{sample[:20]}")' if sample else one.encoding)
    return shown
