"""Terms of payment -> due dates.

A term is read into a short list of steps, taken one after the other from the document date: count days, count months, go to the
end of the month, go to a day of a later month. "NET 30" is one step; "EOM+60" is month end, then 60 days; "NET 30 EOM" is 30 days, then
month end (the French "30 jours fin de mois"; where month end comes first, as some American sellers mean it, write "EOM+30").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from functions.dates import add_months, month_end
from xladdin.errors import InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

Step = tuple[Literal["days", "months", "month end", "day of month"], int]
Steps = tuple[Step, ...]

KNOWN_FORMS: Final = (
    "NET 30, EOM, EOM+60, NET 30 EOM, 30 days end of month on the 10th, 2/10 NET 30, O/A 60, COD, CIA, 月结30天, 次月10日, 货到付款, "
    "款到发货, 预付30%余款NET60"
)
LONGEST_DAYS: Final = 3650  # ten years: anything longer is a slip of the keyboard

_MONTH_END: Final[Step] = ("month end", 0)
_NUMBER: Final = r"(\d{1,4}(?!\d))"
_DAYS: Final = r"(?:DAYS?|D|TAGE|JOURS|天|日)"
_MONTHS: Final = r"(?:MONTHS?|M|个月|個月|月)"
_NET: Final = r"(?:NETT?|N/?|净|淨)"
_AFTER: Final = r"(?:票到|货到|貨到|到货|到貨|发票后|發票後|开票后|開票後|收货后|收貨後|验收后|驗收後)"
_EOM: Final = r"(?:EOM|END OF(?: THE)? MONTH|MONTH END|FIN DE MOIS)"
_ON_DAY: Final = r",? ?(?:(?:(?:ON |AND )?(?:THE |LE )|ON )(?P<day>\d{1,2})(?:ST|ND|RD|TH|ER)?|(?P<ordinal>\d{1,2})(?:ST|ND|RD|TH))"
#: how the money comes (by wire, on open account) says nothing about when
_HOW: Final = r"(?:BY )?(?:T/?T|O/?A|OPEN ACCOUNT|WIRE(?: TRANSFER)?|BANK TRANSFER|电汇|電匯)"
#: bills of lading, letters of credit, bills of exchange: the days run from papers whose dates are not on an invoice
_PAPERS: Final = re.compile(
    r"(?<![A-Z])(?:B/?L|BILLS? OF LADING|D/?A|D/?P|CAD|L/?C|LETTERS? OF CREDIT|SIGHT|ACCEPTANCE|DRAFTS?|AWB|AIR ?WAYBILL|SHIPMENT|ON BOARD)"
    r"(?![A-Z])"
    r"|提单|提單|见单|見單|承兑|承兌|信用证|信用證|交单|交單|托收|见票|見票|即期|装船|裝船|发运|發運"
)
#: a key of another system: SAP's 0001, 0002 and the like
_KEY: Final = re.compile(r"N?0\d+")


def _days(match: re.Match[str]) -> Steps:
    return (("days", int(match[1])),)


def _months(match: re.Match[str]) -> Steps:
    return (("months", int(match[1])),)


def _at_once(_: re.Match[str]) -> Steps:
    return ()


def _month_end(_: re.Match[str]) -> Steps:
    return (_MONTH_END,)


def _on_day(match: re.Match[str]) -> Steps:
    """Return month end, then the day named of the month after it."""
    return (_MONTH_END, ("months", 1), ("day of month", int(match["day"] or match["ordinal"])))


def _later_month(match: re.Match[str]) -> Steps:
    return (("months", 1), ("day of month", int(match[1])))


#: what a whole term can look like, after _plain(); the first that fits counts
_PATTERNS: Final[tuple[tuple[str, Callable[[re.Match[str]], Steps]], ...]] = (
    # -- days and months from the document date
    (rf"{_NET}? ?{_NUMBER} ?{_DAYS}?(?: ?NETT?)?", _days),
    (rf"{_NET}? ?{_NUMBER} ?{_MONTHS}(?: ?NETT?)?", _months),
    (rf"{_AFTER}付?款?{_NUMBER} ?天(?:内)?(?:付款)?", _days),
    (rf"{_NUMBER} ?{_DAYS} ?(?:FROM|AFTER)(?: DATE OF)?(?: THE)? (?:INVOICE|DOCUMENT)(?: DATE)?", _days),
    (rf"(?:赊销|账期|賬期|帐期|信用期) ?{_NUMBER} ?天", _days),
    # -- month end
    (rf"(?:NET ?)?{_EOM}|月结|月結|当月结|當月結|月底|当月底|當月底", _month_end),
    (rf"{_EOM} ?\+ ?{_NUMBER} ?{_DAYS}?", lambda m: (_MONTH_END, ("days", int(m[1])))),
    (rf"{_EOM} ?\+ ?{_NUMBER} ?{_MONTHS}", lambda m: (_MONTH_END, ("months", int(m[1])), _MONTH_END)),
    (rf"(?:月结|月結) ?{_NUMBER} ?天?", lambda m: (_MONTH_END, ("days", int(m[1])))),
    (rf"(?:月结|月結) ?{_NUMBER} ?个月", lambda m: (_MONTH_END, ("months", int(m[1])), _MONTH_END)),
    (rf"{_NET}? ?{_NUMBER} ?{_DAYS}? ?{_EOM}", lambda m: (("days", int(m[1])), _MONTH_END)),
    (rf"{_NET}? ?{_NUMBER} ?{_MONTHS} ?{_EOM}", lambda m: (("months", int(m[1])), _MONTH_END)),
    (rf"{_NET}? ?{_NUMBER} ?{_DAYS}?,? ?(?:FROM|AFTER)(?: THE)? {_EOM}", lambda m: (_MONTH_END, ("days", int(m[1])))),
    (rf"{_NET}? ?{_NUMBER} ?{_DAYS}?,? ?{_EOM}{_ON_DAY}", lambda m: (("days", int(m[1])), *_on_day(m))),
    (rf"{_NET}? ?{_NUMBER} ?{_MONTHS},? ?{_EOM}{_ON_DAY}", lambda m: (("months", int(m[1])), *_on_day(m))),
    (rf"{_EOM}{_ON_DAY}", _on_day),
    # -- a day of the next month
    (r"(?:次月|下月|下个月) ?(\d{1,2})[日号號]?(?:前)?(?:付款)?", _later_month),
    (r"(\d{1,2})(?:ST|ND|RD|TH)?(?: OF)?(?: THE)? (?:MFI|PROX|NEXT MONTH|FOLLOWING MONTH|MONTH FOLLOWING)", _later_month),
    (r"(?:次月|下月|下个月)(?:底|末|月底|月末)(?:付款)?", lambda _: (("months", 1), _MONTH_END)),
    # -- at once: on delivery, or before it
    (r"COD|CASH ON DELIVERY|CASH|货到付款|貨到付款|货到即付|现结|現結|现款|現款|现货现款|一手交钱一手交货", _at_once),
    (r"CIA|CWO|CBD|PIA|(?:CASH|T/?T|PAYMENT) IN ADVANCE|CASH WITH ORDER|CASH BEFORE DELIVERY|PREPAID|PREPAYMENT|ADVANCE", _at_once),
    (r"(?:全额|全額|100% ?)?(?:预付款?|預付款?)(?:100%)?|款到发货|款到發貨|先款后货|先款後貨", _at_once),
    (r"(?:DUE )?(?:UP)?ON RECEIPT|IMMEDIATE(?:LY)?|NET ?CASH|票到付款", _at_once),
)
_FORMS: Final = tuple((re.compile(pattern), steps) for pattern, steps in _PATTERNS)
_BY_WIRE: Final = re.compile(rf"(.*\d.*) {_HOW}|{_HOW},? ?(?:NET ?)?(.*\d.*)")
_DISCOUNT: Final = re.compile(rf"\d{{1,2}}(?:\.\d+)?%?(?: ?/ ?| )\d{{1,3}} ?{_DAYS}?[ ,/;]*(?=N(?:ET)?T?[ /]?\d)")
_PREPAID: Final = re.compile(
    r"(?:预付款?|預付款?|定金|订金|首付款?|PREPA(?:ID|Y|YMENT)|DEPOSIT|ADVANCE|DOWN ?PAYMENT)? ?(\d{1,3}(?:\.\d+)?) ?% ?"
    r"(?:预付款?|預付款?|定金|订金|首付款?|PREPA(?:ID|YMENT)|DEPOSIT|(?:IN )?ADVANCE|DOWN ?PAYMENT|T/?T(?: IN ADVANCE)?)?[ ,;]*(?:AND )?"
    r"(?:(?:余款|餘款|尾款|余额|餘額|余|BALANCE|REST|REMAINDER)|(?:\d{1,3}(?:\.\d+)?) ?%)[ ,:;]*(?:DUE )?(?:IN )?"
)


def _plain(text: str) -> str:
    """Full-width to half-width, capitals, one space between words."""
    folded = unicodedata.normalize("NFKC", text).upper().replace("，", ",").replace("。", "").replace("、", ",")
    return re.sub(r"\s+", " ", folded).strip(" .")


@lru_cache(maxsize=4096)
def read_terms(text: str) -> Steps:
    """Read a term into its steps; of a part prepaid, the steps of the balance.

    Raises InvalidValue for a text of no known form, a key of another system and days that run from papers of trade; OutOfRange for more
    than ten years or a day of month above 31.
    """
    plain = _plain(text)
    if _KEY.fullmatch(plain):
        raise InvalidValue(f'terms "{text[:40]}" are a key of another system, no number of days; write what it means, such as NET 30')
    if _PAPERS.search(plain):
        raise InvalidValue(
            f'terms "{text[:40]}" run from a bill of lading, a letter of credit or a bill of exchange, whose date is not known here; '
            "type the due date"
        )
    prepaid = _PREPAID.match(plain)
    if prepaid is not None and prepaid.end() < len(plain):
        if float(prepaid[1]) > 100:
            raise OutOfRange(f'terms "{text}": more than 100% cannot be prepaid')
        plain = plain[prepaid.end() :]
    plain = _DISCOUNT.sub("", plain, count=1)  # a discount for early payment moves no due date
    plain = _BY_WIRE.sub(r"\1\2", plain)
    for pattern, steps in _FORMS:
        match = pattern.fullmatch(plain)
        if match is not None:
            return _checked(text, steps(match))
    raise InvalidValue(f'terms "{text[:40]}" are not known; known forms are {KNOWN_FORMS}')


def _checked(text: str, steps: Steps) -> Steps:
    for step, count in steps:
        longest = {"days": LONGEST_DAYS, "months": LONGEST_DAYS // 30, "day of month": 31, "month end": 0}[step]
        if count > longest or (step == "day of month" and count == 0):
            what = "a day of the month is 1 to 31" if step == "day of month" else f"at most {longest} {step} are credible"
            raise OutOfRange(f'terms "{text}": {what}; got {count}')
    return steps


def take_steps(dates: Dates, steps: Steps) -> Dates:
    """Go the steps of one term from each of n dates."""
    for step, count in steps:
        if step == "days":
            dates = dates + np.timedelta64(count, "D")
        elif step == "months":
            dates = add_months(dates, count)
        elif step == "month end":
            dates = month_end(dates)
        else:
            first = dates.astype("datetime64[M]").astype("datetime64[D]")
            dates = np.minimum(first + np.timedelta64(count - 1, "D"), month_end(dates))
    return dates


@function(
    category="Aging and dates",
    help_zh="按付款条件计算到期日：NET 30、EOM+60、月结30天、货到付款、预付30%余款NET60（余款）等。",
    args=(
        Arg("document_date", "date", "The date of the invoice, or a column of dates.", "单据日期，可为一列。", shape="column"),
        Arg(
            "terms",
            "text",
            "NET 30, EOM, EOM+60 (month end, then 60 days), NET 30 EOM (30 days, then month end), 2/10 NET 30, COD, CIA, a number …",
            "付款条件：NET 30、EOM、EOM+60、2/10 NET 30、COD、月结30天（月底后30天）、货到付款、款到发货、预付30%余款NET60。",
            shape="column",
        ),
    ),
    result="date",
    source="Usage of the trade; months are calendar months clamped to month end. 月结30天 is month end, then 30 days.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(("2026-01-31", "NET 30"), "2026-03-02", "30 days after the document date.", "单据日期后30天。"),
        Example(("2026-01-15", "月结30天"), "2026-03-02", "End of January, then 30 days.", "一月底后30天。"),
        Example(("2026-01-22", "NET 30 EOM"), "2026-02-28", "30 days, then the end of that month.", "30天后所在月的月底。"),
    ),
)
def due_date(document_date: Dates, terms: NDArray[np.object_]) -> Rows:
    """Due date of a document from its terms of payment; of a part prepaid, the due date of the balance.

    `document_date`: dates, n rows; `terms`: texts, n rows. Answers n dates; #VALUE! for terms of no known form,
    #NUM! for terms longer than ten years.
    """
    codes: dict[str, int] = {}
    index = np.fromiter((codes.setdefault(text, len(codes)) for text in terms.tolist()), dtype=np.int64, count=terms.size)
    answers = Rows(document_date.copy())
    for text, code in codes.items():  # each distinct term is read once
        rows = np.flatnonzero(index == code) if len(codes) > 1 else slice(None)
        try:
            answers.values[rows] = take_steps(document_date[rows], read_terms(text))
        except (InvalidValue, OutOfRange) as error:
            if text:  # a blank row has its own reason already
                answers.fail(index == code, error)
    return answers
