"""Fill a template of a letter: merge fields, as Word's own mail merge has them, and two tables whose row is repeated.

A template may leave fields out, and use one several times; a field that is none of ours is named and nothing is written.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mailmerge import MailMerge

from functions.money import minor_units
from workbook.letters.demands import Letter
from workbook.letters.law import interest_words, law_sentence, next_step
from workbook.reports.common import FORMATS, amount_text
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from xladdin.errors import BadRequest, CellError

#: fields of the letter, with what they hold
FIELDS: Final = (
    "date", "our_name", "our_address", "our_contact", "our_account", "customer_id", "customer_name", "register_no", "country",
    "contracts", "oldest_days", "totals", "pay_until", "days_to_pay", "law", "next_step", "interest_rule",
)  # fmt: skip
#: fields of the table of items, and of the table of subtotals; the first one of each must stand in the row that is repeated
ITEM_FIELDS: Final = ("item_no", "item_date", "item_due", "item_days", "item_currency", "item_amount", "item_interest")
SUM_FIELDS: Final = ("sum_currency", "sum_amount", "sum_interest", "sum_total")
_UNKNOWN: Final = "–"
#: what stands where Settings say nothing, so that nobody sends it unread
_MISSING: Final = {
    "name": ("(our name: fill it in on Settings)", "（我方名称：请在“设置”中填写）"),
    "account": ("(account to pay to: fill it in on Settings)", "（收款账户：请在“设置”中填写）"),
}


def fill(template: Path, letter: Letter, settings: Settings, as_of: dt.date, language: str) -> bytes:
    """Return the letter as the bytes of a .docx. Raises BadRequest for what is no Word file, or has a field that is none of ours."""
    try:
        with MailMerge(str(template)) as document:
            check_fields(template.name, document.get_merge_fields())
            fields = document.get_merge_fields()
            for anchor, rows in ((ITEM_FIELDS[0], _items(letter)), (SUM_FIELDS[0], _sums(letter))):
                if anchor in fields:
                    document.merge_rows(anchor, rows)
            document.merge(**_values(letter, settings, as_of, language))
            made = io.BytesIO()
            document.write(made)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise BadRequest(f"the template {template.name} is no Word document (.docx) that can be read ({type(error).__name__})") from None
    return made.getvalue()


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
    totals = [amount_text(amount + interest, currency) for currency, (amount, interest) in letter.subtotals().items()]
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
        "oldest_days": str(max(one.days_late for one in letter.demands)),
        "totals": ("、" if zh else " and ").join(totals),
        "pay_until": day_text(until, language),
        "days_to_pay": str(settings.letter_days),
        "law": law_sentence(letter.law, language),
        "next_step": next_step(letter.dispute, letter.forum, language),
        "interest_rule": interest_words(settings.interest_rule, language),
    }


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


def _items(letter: Letter) -> Sequence[dict[str, Any]]:
    return [
        {
            "item_no": one.document_no if one.instalment is None else f"{one.document_no} / {one.instalment}",
            "item_date": _iso(one.document_date),
            "item_due": _iso(one.due_date),
            "item_days": str(one.days_late),
            "item_currency": one.currency,
            "item_amount": number_text(one.amount, one.currency),
            "item_interest": _UNKNOWN if one.interest is None else number_text(one.interest, one.currency),
        }
        for one in letter.demands
    ]


def _sums(letter: Letter) -> Sequence[dict[str, Any]]:
    return [
        {
            "sum_currency": currency,
            "sum_amount": number_text(amount, currency),
            "sum_interest": number_text(interest, currency),
            "sum_total": number_text(amount + interest, currency),
        }
        for currency, (amount, interest) in letter.subtotals().items()
    ]


def number_text(units: int, currency: str) -> str:
    """Write an amount without its currency, with the currency's places."""
    try:
        places = minor_units(currency)
    except CellError:
        places = 2
    return f"{units / MONEY_SCALE:{FORMATS.get(places, ',.2f')}}"


def _iso(day: dt.date | None) -> str:
    return _UNKNOWN if day is None else day.isoformat()
