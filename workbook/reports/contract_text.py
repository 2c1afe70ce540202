"""The text of a contract against its row on the sheet: what the text says of a rule, in which words, and where the two differ.

The cell *Text* holds pasted text or the path of a file. A path is read only where it lies in the workbook's folder or in the folder of
the settings: a cell is data, and must not make us open what somebody else chose.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from functions.clauses import ClauseFinding, find_clauses
from workbook.book import CreditBook
from workbook.contract_answer import STATES, shown
from workbook.contract_file import READERS, UnreadableContract, read_contract
from workbook.reports.contract_words import say
from workbook.settings import Settings, leads_elsewhere
from xladdin.errors import Refused

CLAUSE_OF: Final = {
    "prepayment": "prepayment", "payment_terms": "instalments", "penalty": "penalty", "dispute": "dispute", "jurisdiction": "governing-law",
    "retention_of_title": "retention-of-title",
}  # fmt: skip
QUOTE: Final = 80  # characters of the words found that a cell shows
_KINDS: Final = (*(suffix[1:] for suffix in READERS), "doc", "odt", "rtf", "pages", "xlsx", "html", "jpg", "png", "tif", "tiff")
_PATH: Final = re.compile(rf"[^\r\n]{{1,255}}\.(?:{'|'.join(_KINDS)})", re.IGNORECASE)
_HAN: Final = re.compile(r"[一-鿿]")
#: names of one law or one arbitration body: where the row has one of a line, any other of it in the text is the same
_SAME: Final = (
    ("cn", "china", "prc", "chinese", "中国", "中华人民共和国"),
    ("hk", "hong kong", "香港"),
    ("uk", "gb", "england", "english", "united kingdom", "英国", "英格兰"),
    ("us", "usa", "united states", "new york", "delaware", "california", "texas", "美国"),
    ("sg", "singapore", "新加坡"),
    ("de", "germany", "german", "德国"),
    ("fr", "france", "french", "法国"),
    ("jp", "japan", "japanese", "日本"),
    ("ch", "switzerland", "swiss", "瑞士"),
    ("cietac", "china international economic and trade arbitration commission", "中国国际经济贸易仲裁委员会", "贸仲"),
    ("hkiac", "hong kong international arbitration centre", "香港国际仲裁中心"),
    ("siac", "singapore international arbitration centre", "新加坡国际仲裁中心"),
    ("icc", "international chamber of commerce", "国际商会"),
    ("lcia", "london court of international arbitration", "伦敦国际仲裁院"),
)
_PER_DAY: Final = {"per day": 1, "per month": 30, "per year": 365}


class Said(NamedTuple):
    """What a text says of one rule, and where the row differs from it."""

    text: str = ""
    difference: str = ""


class Text(NamedTuple):
    """A contract's text with its clauses, or why it could not be read."""

    text: str = ""
    clauses: dict[str, ClauseFinding] | None = None
    problem: str = ""


def texts_of(book: CreditBook, contracts: list[dict[str, Any]]) -> list[Text]:
    """Read the text of every contract; a blank one has no clauses."""
    folders = [folder for folder in (book.folder, _more(book)) if folder is not None]
    made = []
    for contract in contracts:
        cell = (contract["text"] or "").strip()
        if not cell:
            made.append(Text())
            continue
        try:
            text = read_contract(find_file(cell, folders)) if _PATH.fullmatch(cell) else cell
        except Refused as error:
            made.append(Text(problem=str(error)))
            continue
        made.append(Text(text, {one.clause: one for one in find_clauses(text)}))
    return made


def _more(book: CreditBook) -> Path | None:
    named = book.settings.contract_folder
    if not named:
        return None
    return Path(named) if Path(named).is_absolute() else book.folder / named if book.folder else None


def find_file(cell: str, folders: list[Path]) -> Path:
    """Find the file a cell names. Raises UnreadableContract for one outside the folders, and touches nothing there."""
    name = cell.replace("\\", "/").rsplit("/", 1)[-1]
    if leads_elsewhere(cell):
        raise UnreadableContract(f"{name}: an address or a network path is not read; put the file beside the workbook")
    if not folders:
        raise UnreadableContract(f"{name}: save the workbook on this computer first; the file is looked for beside it")
    text = cell if os.name == "nt" else cell.replace("\\", "/")
    inside = False
    for folder in folders:
        home = Path(os.path.normpath(folder.absolute()))
        place = Path(os.path.normpath(home / text))
        if not place.is_relative_to(home):
            continue
        try:
            real = place.resolve()
            if real.is_relative_to(home.resolve()):  # a link inside may lead out
                inside = True
                if real.exists():
                    return real
        except (OSError, ValueError):
            continue
    if inside:
        raise UnreadableContract(f"{name}: there is no such file beside the workbook or in the folder of the settings")
    raise UnreadableContract(f"{name} lies outside the workbook's folder and that of the settings; it is not read")


def compare(contract: dict[str, Any], text: Text, rule: str, settings: Settings) -> Said:
    """Compare the text of a contract with its row for one rule."""
    if text.clauses is None or rule not in CLAUSE_OF:
        return Said()
    language = settings.language
    found = text.clauses[CLAUSE_OF[rule]]
    return Said(_words(found, language), _DIFFERENCES[rule](contract, found, text, language))


def _words(found: ClauseFinding, language: str) -> str:
    told = shown(found.number, found.unit, language)
    quote = found.quote if len(found.quote) <= QUOTE else f"{found.quote[:QUOTE]}…"
    state = STATES[found.state][language == "zh"]
    return f"{state}{f', {told}' if told else ''}{f': “{quote}”' if quote else ''}"


def _prepaid(contract: dict[str, Any], found: ClauseFinding, _text: Text, language: str) -> str:
    paid, value = contract["prepaid"], contract["value"]
    row = None if paid is None or not value else float(paid) / float(value)
    if row and found.state == "absent":
        return say("text_without", language, row=f"{row:.1%}")
    if found.number is None or (row is not None and abs(row - found.number) < 0.005):
        return ""
    return say("text_differs", language, row=say("blank", language) if row is None else f"{row:.1%}", text=f"{found.number:.1%}")


def _parts(contract: dict[str, Any], found: ClauseFinding, _text: Text, language: str) -> str:
    row = contract["instalments"]
    if row is None or found.number is None or int(found.number) == row:
        return ""
    return say("text_differs", language, row=row, text=f"{found.number:g}")


def _penalty(contract: dict[str, Any], found: ClauseFinding, _text: Text, language: str) -> str:
    row = contract["penalty_daily"]
    daily = None if found.number is None or found.unit not in _PER_DAY else found.number / _PER_DAY[found.unit]
    if row and found.state == "absent":
        return say("text_without", language, row=f"{row:.3%}")
    if row is None and found.number is not None:
        return say("text_differs", language, row=say("blank", language), text=shown(found.number, found.unit, language))
    if row is None or daily is None or abs(row - daily) <= 0.02 * daily:
        return ""
    return say("text_differs", language, row=f"{row:.3%}", text=f"{daily:.3%}")


def _dispute(contract: dict[str, Any], found: ClauseFinding, _text: Text, language: str) -> str:
    row = contract["dispute"] if contract["dispute"] in ("court", "arbitration") else None
    if row and found.state == "absent":
        return say("text_without", language, row=say(f"dispute_{row}", language))
    if found.state != "present" or (row and row in found.unit):
        return ""
    return say(
        "text_differs", language, row=say(f"dispute_{row}" if row else "blank", language), text=shown(None, found.unit, language),
    )


def _forum(contract: dict[str, Any], found: ClauseFinding, text: Text, language: str) -> str:
    law, forum = contract["governing_law"], contract["forum"]
    said = []
    if law and found.unit and not _same(law, found.unit):
        said.append(say("text_differs", language, row=law, text=found.unit))
    elif not law and found.unit:
        said.append(say("text_differs", language, row=say("blank", language), text=found.unit))
    elif law and found.state == "absent":
        said.append(say("text_without", language, row=law))
    if forum and not _same(forum, text.text) and _comparable(forum, text.text):
        said.append(say("text_without", language, row=forum))
    return "; ".join(said)


def _title(contract: dict[str, Any], found: ClauseFinding, _text: Text, language: str) -> str:
    row = contract["retention_of_title"]
    if row and found.state == "absent":
        return say("text_without", language, row=say("title_required", language))
    if row or found.state != "present":
        return ""
    return say("text_differs", language, row=say("blank" if row is None else "no", language), text=say("yes", language))


_DIFFERENCES: Final = {
    "prepayment": _prepaid, "payment_terms": _parts, "penalty": _penalty, "dispute": _dispute, "jurisdiction": _forum,
    "retention_of_title": _title,
}  # fmt: skip


def _same(row: str, text: str) -> bool:
    """Whether the text holds what the row names, under that name or another of the same law or body."""
    return _names_of(row).search(text.casefold()) is not None


@lru_cache(maxsize=1024)
def _names_of(row: str) -> re.Pattern[str]:
    """Look for what a row names; a Latin name is no part of a longer word."""
    wanted = row.strip().casefold()
    names = next((group for group in _SAME if wanted in group), ())
    words = [rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name) for name in dict.fromkeys((wanted, *names))]
    return re.compile("|".join(words))


def _comparable(row: str, text: str) -> bool:
    """Whether a name could stand in the text as it stands in the row: an English name of a Chinese court says nothing of a Chinese text."""
    known = any(row.strip().casefold() in group for group in _SAME)
    return known or bool(_HAN.search(row)) == bool(_HAN.search(text))
