"""Fill a template of a letter: merge fields, as Word's own mail merge has them, and two tables whose row is repeated.

A template may leave fields out, and use one several times; a field that is none of ours is named and nothing is written.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from docx.oxml.ns import qn
from mailmerge import MailMerge

from functions.money import minor_units
from workbook.letters.demands import Letter
from workbook.letters.law import acknowledgement, law_sentence, listed, next_step
from workbook.letters.pictures import Text, pictures_told
from workbook.reports.common import FORMATS, amount_text
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from xladdin.errors import BadRequest, CellError

#: fields of the letter, with what they hold
FIELDS: Final = (
    "date", "our_name", "our_address", "our_contact", "our_account", "customer_id", "customer_name", "register_no", "country",
    "contracts", "oldest_days", "totals", "pay_until", "days_to_pay", "law", "next_step", "interest_rule", "steps", "interest_note",
    "acknowledgement",
)  # fmt: skip
#: fields of the table of items, and of the table of subtotals; the first one of each must stand in the row that is repeated
ITEM_FIELDS: Final = ("item_no", "item_date", "item_due", "item_days", "item_currency", "item_amount", "item_interest")
SUM_FIELDS: Final = ("sum_currency", "sum_amount", "sum_interest", "sum_total")
_UNKNOWN: Final = "–"
#: interest that is claimed and cannot be stated yet: alone, beside what is known, and after an amount
_OPEN: Final = ("not yet quantified", "尚待计算")
_OPEN_MORE: Final = ("{amount} and more", "{amount}及尚待计算部分")
_WITH_OPEN: Final = ("{amount} and interest not yet quantified", "{amount}及尚待计算的利息")
_NOTES: Final = {
    "all": ("Interest is claimed and will be quantified.", "利息一并主张，数额另行计算。"),
    "some": ("Where no interest is stated yet, it is claimed and will be quantified.", "尚未列明利息的款项，利息一并主张，数额另行计算。"),
}
#: what was done before, by the level that *Level done* says: nothing else is said to have happened
_STEPS: Final = {
    1: (
        ("You were reminded, without payment.", "经友好催收仍未支付。"),
        ("You were reminded of {documents}, without payment.", "其中{documents}经友好催收仍未支付。"),
    ),
    2: (
        ("A lawyer's letter has not led to payment.", "经律师函催告仍未支付。"),
        ("A lawyer's letter on {documents} has not led to payment.", "其中{documents}经律师函催告仍未支付。"),
    ),
}
_BY_LAW: Final = ("the rate agreed or given by law", "约定或法定利率")
#: what stands where Settings say nothing, so that nobody sends it unread
_MISSING: Final = {
    "name": ("(our name: fill it in on Settings)", "（我方名称：请在“设置”中填写）"),
    "account": ("(account to pay to: fill it in on Settings)", "（收款账户：请在“设置”中填写）"),
}


def fill(template: Path, letter: Letter, settings: Settings, as_of: dt.date, language: str, told: set[str] | None = None) -> bytes:
    """Return the letter as the bytes of a .docx; `told` gets a line for each picture of a field that could not be followed.

    Raises BadRequest for what is no Word file, or has a field that is none of ours.
    """
    try:
        with pictures_told(template.name, set() if told is None else told), MailMerge(str(template)) as document:
            check_fields(template.name, document.get_merge_fields())
            fields = document.get_merge_fields()
            for anchor, rows in ((ITEM_FIELDS[0], _items(letter, language)), (SUM_FIELDS[0], _sums(letter, language))):
                if anchor in fields:
                    document.merge_rows(anchor, [{key: Text(text) for key, text in row.items()} for row in rows])
            document.merge(**{key: Text(text) for key, text in _values(letter, settings, as_of, language).items()})
            _keep_spaces(document)
            made = io.BytesIO()
            document.write(made)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise BadRequest(f"the template {template.name} is no Word document (.docx) that can be read ({type(error).__name__})") from None
    return made.getvalue()


def _keep_spaces(document: MailMerge) -> None:
    """Mark texts that begin or end with a space: Word drops that space otherwise, and two sentences run into one another."""
    for part in document.docx.get_parts():
        for words in part["part"].iter(qn("w:t")):
            if words.text and words.text != words.text.strip():
                words.set(qn("xml:space"), "preserve")


def check_fields(name: str, fields: set[str]) -> None:
    """Refuse a template with a merge field that nothing fills, and one whose tables could not be repeated."""
    known = (*FIELDS, *ITEM_FIELDS, *SUM_FIELDS)
    unknown = sorted(fields - set(known))
    if unknown:
        raise BadRequest(f"the template {name} has the field {', '.join(unknown)}, which is not known; there are {', '.join(known)}")
    for group in (ITEM_FIELDS, SUM_FIELDS):
        used = fields & set(group)
        if used and group[0] not in used:
            raise BadRequest(f"the template {name} has {', '.join(sorted(used))} without {group[0]}: put it into the same row of the table")


def _values(letter: Letter, settings: Settings, as_of: dt.date, language: str) -> Mapping[str, str]:
    zh = language == "zh"
    customer = letter.customer
    names = (customer.get("name_zh"), customer.get("name")) if zh else (customer.get("name"), customer.get("name_zh"))
    until = as_of + dt.timedelta(days=settings.letter_days)
    totals = [
        _with_open(amount_text(amount + interest, currency), currency, letter, zh=zh)
        for currency, (amount, interest) in letter.subtotals().items()
    ]
    oldest = max(one.days_late for one in letter.demands if not one.paid_on)
    lapsed = [one.document_no for one in letter.demands if one.lapsed]
    fresh = [one.document_no for one in letter.demands if not one.lapsed and not one.paid_on]
    ask = acknowledgement(letter.law, language, lapsed)
    return {
        "date": day_text(as_of, language),
        "our_name": settings.creditor or _MISSING["name"][zh],
        "our_address": settings.creditor_address,
        "our_contact": settings.creditor_contact,
        "our_account": settings.payment_account or _MISSING["account"][zh],
        "customer_id": letter.customer_id,
        "customer_name": names[0] or names[1] or letter.customer_id,
        "register_no": customer.get("register_no") or _UNKNOWN,
        "country": customer.get("country") or "",
        "contracts": _contracts(letter.contracts, zh=zh),
        "oldest_days": Text(str(oldest), oldest),
        "totals": ("、" if zh else " and ").join(totals),
        "pay_until": day_text(until, language),
        "days_to_pay": Text(str(settings.letter_days), settings.letter_days),
        "law": law_sentence(letter.law, language, lapsed, fresh),
        "next_step": next_step(letter.dispute, letter.forum, language),
        "interest_rule": _rules(letter, zh=zh),
        "steps": _steps(letter, zh=zh),
        "interest_note": _interest_note(letter, zh=zh),
        "acknowledgement": ask,
    }


def _rules(letter: Letter, *, zh: bool) -> str:
    """Write how interest is worked out, by each rule that an item follows."""
    words = dict.fromkeys(one.terms.words("zh" if zh else "en") for one in letter.demands if one.terms and one.terms.rule)
    return ("及" if zh else " and ").join(words) or _BY_LAW[zh]


def _steps(letter: Letter, *, zh: bool) -> str:
    """Write what was done before this letter, as far as *Level done* proves it."""
    made = []
    owed = [one for one in letter.demands if not one.paid_on]
    for level, (whole, part) in _STEPS.items():
        ones = [one.document_no for one in owed if one.done == level]
        if ones and level <= letter.level:
            made.append(whole[zh] if len(ones) == len(owed) else part[zh].format(documents=listed(ones, zh=zh)))
    return ("" if zh else " ").join(made)


def _interest_note(letter: Letter, *, zh: bool) -> str:
    """Say that interest which cannot be stated yet is claimed."""
    unknown = sum(one.interest is None for one in letter.demands)
    return _NOTES["all" if unknown == len(letter.demands) else "some"][zh] if unknown else ""


def _with_open(amount: str, currency: str, letter: Letter, *, zh: bool) -> str:
    return _WITH_OPEN[zh].format(amount=amount) if currency in letter.unquantified else amount


def _contracts(numbers: Sequence[str], *, zh: bool) -> str:
    """Name the contracts an amount is owed under; without any, the orders."""
    if not numbers:
        return "贵司订单" if zh else "your orders"
    listed = ("、" if zh else ", ").join(numbers)
    return f"合同{listed}" if zh else f"contract{'s' if len(numbers) > 1 else ''} {listed}"


def day_text(day: dt.date | None, language: str) -> str:
    """Write a day as a letter has it."""
    if day is None:
        return _UNKNOWN
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B %Y}"


def _items(letter: Letter, language: str) -> Sequence[dict[str, str]]:
    return [
        {
            "item_no": one.document_no if one.instalment is None else f"{one.document_no} / {one.instalment}",
            "item_date": _iso(one.document_date),
            "item_due": _iso(one.due_date),
            "item_days": Text(str(one.days_late), one.days_late),
            "item_currency": one.currency,
            "item_amount": _figure(one.amount, one.currency),
            "item_interest": _OPEN[language == "zh"] if one.interest is None else _figure(one.interest, one.currency),
        }
        for one in letter.demands
    ]


def _sums(letter: Letter, language: str) -> Sequence[dict[str, str]]:
    zh, made = language == "zh", []
    for currency, (amount, interest) in letter.subtotals().items():
        known, total = _figure(interest, currency), _figure(amount + interest, currency)
        if currency in letter.unquantified:
            known = Text(_OPEN_MORE[zh].format(amount=known) if interest else _OPEN[zh])
            total = Text(_with_open(total, currency, letter, zh=zh))
        made.append({
            "sum_currency": currency,
            "sum_amount": _figure(amount, currency),
            "sum_interest": known,
            "sum_total": total,
        })
    return made


def _figure(units: int, currency: str) -> Text:
    return Text(number_text(units, currency), units / MONEY_SCALE)


def number_text(units: int, currency: str) -> str:
    """Write an amount without its currency, with the currency's places."""
    try:
        places = minor_units(currency)
    except CellError:
        places = 2
    return f"{units / MONEY_SCALE:{FORMATS.get(places, ',.2f')}}"


def _iso(day: dt.date | None) -> str:
    return _UNKNOWN if day is None else day.isoformat()
