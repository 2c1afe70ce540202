"""Late interest on a column of items.

The due day is not late: the days due+1 … until each bear the rate in force on that day. Sums over days come from running totals of the
rate table, so nothing is rounded inside and the number of rows or rate changes does not matter; the amount is rounded once, half-up.
For one item with part-payments, day by day for a claim, see `functions.claim`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from functions.late_rules import FIXINGS, Rule, read_rule
from functions.money import COMPUTED, currency_digits, round_half_up
from functions.rates import UNIT, read_rates
from functions.sheet_rows import as_table
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from functions.sheet_rows import Table

    Dates = NDArray[np.datetime64]
    Numbers = NDArray[np.float64]


#: when interest is rounded
ROUNDINGS: Final = ("end", "daily")


def days_late(due: Dates, until: Dates) -> NDArray[np.int64]:
    """Count the days that bear interest: due+1 … until, none when `until` does not come after `due`."""
    days: NDArray[np.int64] = np.where(until > due, (until - due).astype(np.int64), 0)
    return days


def interest_years(
    rule: Rule, due: Dates, until: Dates, daycount: int = 365, rates: Table = ()
) -> tuple[Numbers, NDArray[np.bool_], Callable[[int], NotAvailable] | None]:
    """Sum the daily rates of each row: interest is amount x this sum.

    Answers n sums (rate x days / daycount), the rows that have no rate for some day, and what tells why for one of them.
    """
    days = days_late(due, until)
    if rule.table is None:
        return days * rule.daily + days * rule.yearly / daycount, np.zeros(days.shape, dtype=np.bool_), None
    table = read_rates(rule.table, rates)
    last = np.where(days > 0, until, due)
    if rule.first_day:
        first = due + np.timedelta64(1, "D")
        units, known = table.on(first)
        summed, missing = units * days, ~known & (days > 0)
        last = np.where(days > 0, first, due)
    else:
        summed, unknown = table.between(due, last)
        missing = (unknown > 0) & (days > 0)
    summed = np.where(days > 0, summed + rule.margin * days, 0)
    return summed * rule.factor / (UNIT * daycount), missing, lambda row: table.unknown(due[row], last[row])


def check_daycount(daycount: int) -> None:
    """Raise InvalidValue for anything but 365 and 360."""
    if daycount not in (360, 365):
        raise InvalidValue(f"daycount must be 365 or 360; got {daycount}")


@function(
    category="Escalation and interest",
    help_zh="逾期利息：到期日次日至截止日逐日计息，利率变动分段计算，最后按币种最小单位四舍五入。",
    args=(
        Arg("amount", "number", "The amount that is late.", "逾期金额，可为一列。", shape="column"),
        Arg("due", "date", "The due date; it bears no interest itself.", "到期日（当天不计息）。", shape="column"),
        Arg("until", "date", "The last day that bears interest: the day of payment.", "计息截止日（含），如付款日。", shape="column"),
        Arg(
            "rule_or_rate",
            "any",
            "The agreed rate a year (10% is 0.1), or a rule: CN-SME 0.05% a day, CN-SALE LPR x factor, LPRxN, EU ECB + 8%, "
            "DE base + 9%, UK base + 8%.",
            "约定年利率（10%填0.1），或规则：CN-SME日万分之五、CN-SALE为违约时LPR加计、LPRxN为LPR的N倍、EU欧央行+8%、DE德国基准+9%、UK英格兰银行+8%。",
        ),
        Arg(
            "currency",
            "text",
            "Currency of each amount, for its smallest unit; blank: two decimals.",
            "币种（决定最小单位），空白按两位小数。",
            shape="column",
            default=None,
            blank="missing",
        ),
        Arg("daycount", "integer", "Days of a year: 365 or 360.", "一年天数：365或360。", default=365),
        Arg("factor", "number", "CN-SALE: times the LPR, 1.3 to 1.5.", "CN-SALE 的LPR倍数，1.3至1.5。", default=1.5),
        Arg(
            "fixing",
            "text",
            "daily: each day's rate; first day: the rate of the first day late throughout; rule: CN-SALE, UK first day, others daily.",
            "利率取值：daily逐日，first day为逾期首日利率不变，rule按规则（CN-SALE、UK为首日，其余逐日）。",
            default="rule",
            choices=FIXINGS,
        ),
        Arg(
            "rates",
            "any",
            "Rows of the sheet Rates (table, date, rate): later rates, or others than the built-in ones.",
            "“Rates”工作表的行（表名、日期、利率），补充或替换内置利率。",
            shape="range",
            default=None,
        ),
        Arg(
            "rounding",
            "text",
            "end: once, at the end; daily: each day's interest, as gov.uk does (for one rate throughout).",
            "end：最后一次四舍五入；daily：每日利息先取整（如 gov.uk，仅限利率不变）。",
            default="end",
            choices=ROUNDINGS,
        ),
    ),
    result="money",
    source="State Council Order 802 art. 17; 法释〔2020〕17号 art. 18; "
    "Directive 2011/7/EU art. 2-3; BGB §§ 247, 288(2); SI 2002/1675 art. 4.",
    errors=(InvalidValue, OutOfRange, NotAvailable),
    examples=(
        Example((100_000, "2025-06-30", "2025-08-14", "CN-SME"), 2250.0, "45 days at 0.05% a day.", "45天，日万分之五。"),
        Example((4500, "2026-01-01", "2026-01-31", 0.11, "EUR"), 40.68, "30 days at 11% a year.", "30天，年利率11%。"),
        Example((100_000, "2024-07-01", "2024-07-31", "LPRx4"), 1123.29, "20 days at 3.45%, 10 at 3.35%, x 4.", "两段利率，四倍。"),
    ),
)
def late_interest(
    amount: Numbers,
    due: Dates,
    until: Dates,
    rule_or_rate: float | str,
    currency: NDArray[np.object_] | None = None,
    daycount: int = 365,
    factor: float = 1.5,
    fixing: str = "rule",
    rates: Sequence[Sequence[Any]] | None = None,
    rounding: str = "end",
) -> Rows:
    """Late interest: each day after the due date bears the rate in force on it; rounded half-up once, at the end.

    `amount`: money, n rows (a credit note's is negative, and so is its interest); `due`, `until`: dates, n rows; `currency`: n codes.
    `rounding` daily: a day's interest is rounded, times the days, where one rate holds throughout.
    Answers n amounts, 0 when `until` is not after `due`; #N/A naming the table when a day has no known rate; #VALUE! for an unknown
    rule or currency; #NUM! for a rate below 0 or above 200%.
    """
    check_daycount(daycount)
    rule = read_rule(rule_or_rate, factor, fixing)
    daily = rounding == "daily"
    if daily and rule.table is not None and not rule.first_day:
        raise InvalidValue('rounding "daily" needs one rate throughout: a rate a year, CN-SME, UK, or the fixing "first day"')
    share, missing, why = interest_years(rule, due, until, daycount, as_table(rates))
    codes = np.full(amount.shape, "", dtype=object) if currency is None else currency
    digits, unknown = currency_digits(codes)
    days = np.maximum(days_late(due, until), 1) if daily else np.ones(amount.shape, dtype=np.int64)
    rounded = round_half_up(amount * share / days, digits, COMPUTED)
    answers = Rows(round_half_up(rounded * days, digits, COMPUTED) if daily else rounded)
    for code, error in unknown.items():
        answers.fail(codes == code, error)
    if why is not None:
        answers.fail(missing, why)
    return answers


@function(
    category="Escalation and interest",
    help_zh="逾期付款的定额补偿：EU、DE每笔40欧元；UK按欠款额40/70/100英镑。",
    args=(
        Arg("amount", "number", "The amount that is late.", "逾期金额，可为一列。", shape="column"),
        Arg(
            "rule", "text", "EU, DE: EUR 40 a claim; UK: GBP 40, 70 or 100.", "EU、DE：每笔40欧元；UK：40/70/100英镑。",
            choices=("EU", "DE", "UK"),
        ),
    ),
    result="money",
    source="Directive 2011/7/EU art. 6(1); BGB § 288(5); Late Payment of Commercial Debts (Interest) Act 1998 s. 5A(2).",
    errors=(InvalidValue,),
    examples=(
        Example((4500, "EU"), 40.0, "EUR 40 a claim, whatever its amount.", "每笔40欧元。"),
        Example((9999.99, "UK"), 70.0, "GBP 1,000 to 9,999.99.", "1,000至9,999.99英镑。"),
    ),
)
def late_fixed_sum(amount: Numbers, rule: str) -> Numbers:
    """Compensation a creditor may ask for late payment, once per claim: EUR 40, or GBP 40, 70, 100 by amount.

    `amount`: money, n rows; `rule`: EU, DE or UK. Answers n amounts in EUR or GBP; 0 where nothing is owed.
    """
    if rule in ("EU", "DE"):
        return np.where(amount > 0, 40.0, 0.0)  # Directive 2011/7/EU, article 6(1): a minimum fixed sum of EUR 40; BGB § 288(5)
    # Late Payment of Commercial Debts (Interest) Act 1998, section 5A(2)
    return np.select([amount <= 0, amount < 1_000, amount < 10_000], [0.0, 40.0, 70.0], 100.0)
