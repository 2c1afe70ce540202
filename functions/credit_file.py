"""What a credit file holds: the fields, their names in English and Chinese, and the ratios that follow from them.

Ratios are taken from a column when one is given and worked out from statement items where it is blank or absent. A ratio whose
denominator is negative, or is zero where nothing can be said, is missing; what is owed by nobody (x / 0, x > 0) is unlimited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.altman import z_double_prime
from functions.row_blocks import Columns, Kind, plain_name

Numbers = NDArray[np.float64]

#: key: (kind, names besides the key); the keys are those of the workbook's table Customers where it has the field
FIELDS: Final[dict[str, tuple[Kind, tuple[str, ...]]]] = {
    "register_verified": ("flag", ("工商验证", "register check")),
    "statements_verified": ("flag", ("报表验证", "statements check")),
    "reputation_verified": ("flag", ("口碑验证", "reputation check")),
    "first_trade": ("date", ("首次交易",)),
    "last_review": ("date", ("上次复审",)),
    "as_of": ("date", ("截止日", "统计日")),
    "new_customer": ("flag", ("新客户",)),
    "months_of_trade": ("number", ("交易月数",)),
    "months_since_review": ("number", ("距上次复审月数",)),
    "cash": ("number", ("货币资金", "现金")),
    "inventory": ("number", ("存货",)),
    "current_assets": ("number", ("流动资产",)),
    "total_assets": ("number", ("总资产", "资产总计")),
    "current_liabilities": ("number", ("流动负债",)),
    "total_liabilities": ("number", ("总负债", "负债合计")),
    "net_worth": ("number", ("净资产", "所有者权益", "equity")),
    "working_capital": ("number", ("营运资金",)),
    "retained_earnings": ("number", ("留存收益",)),
    "ebit": ("number", ("息税前利润",)),
    "ebitda": ("number", ("息税折旧摊销前利润",)),
    "depreciation": ("number", ("折旧", "折旧与摊销")),
    "interest_expense": ("number", ("利息支出", "利息费用")),
    "net_profit": ("number", ("净利润", "net income")),
    "current_ratio": ("number", ("流动比率",)),
    "quick_ratio": ("number", ("速动比率", "acid test")),
    "cash_ratio": ("number", ("现金比率",)),
    "debt_to_assets": ("number", ("资产负债率", "liabilities to assets")),
    "debt_to_equity": ("number", ("产权比率", "liabilities to equity")),
    "equity_to_assets": ("number", ("权益比率",)),
    "equity_to_liabilities": ("number", ("权益负债比",)),
    "working_capital_to_assets": ("number", ("营运资金占总资产",)),
    "retained_earnings_to_assets": ("number", ("留存收益占总资产",)),
    "ebit_to_assets": ("number", ("息税前利润占总资产",)),
    "roa": ("number", ("总资产净利率", "return on assets")),
    "interest_coverage": ("number", ("利息保障倍数", "interest cover")),
    "cash_flow_to_debt": ("number", ("现金流债务比", "ebitda to debt")),
    "altman_z2": ("number", ("z2_score", "Z2值")),
    "average_days_late": ("number", ("平均逾期天数", "days late")),
    "payment_trend": ("number", ("付款趋势",)),
    "dispute_count": ("number", ("争议数", "disputes")),
    "order_volatility": ("number", ("订单波动率",)),
    "litigation_count": ("number", ("诉讼数", "lawsuits")),
    "management_changes": ("number", ("管理层变动",)),
    "years_of_trade": ("number", ("交易年数",)),
}

NAMES: Final[dict[str, tuple[str, Kind]]] = {
    plain_name(name): (key, kind) for key, (kind, names) in FIELDS.items() for name in (key, *names)
}

VERIFICATIONS: Final = ("register_verified", "statements_verified", "reputation_verified")


def per_assets(top: Numbers, assets: Numbers) -> Numbers:
    """Divide by total assets; missing unless they are above zero."""
    made: Numbers = np.divide(top, assets, out=np.full(len(top), np.nan), where=assets > 0)
    return made


def per_debt(top: Numbers, debt: Numbers) -> Numbers:
    """Divide by what is owed; without debt a positive `top` covers it without limit, anything else says nothing."""
    covered = np.where((debt == 0) & (top > 0), np.inf, np.nan)
    made: Numbers = np.divide(top, debt, out=covered, where=debt > 0)
    return made


#: (what, from what, how): tried in this order, row by row, where the value is still missing
_DERIVED: Final[tuple[tuple[str, tuple[str, ...], Callable[..., Numbers]], ...]] = (
    ("total_liabilities", ("total_assets", "net_worth"), np.subtract),
    ("net_worth", ("total_assets", "total_liabilities"), np.subtract),
    ("working_capital", ("current_assets", "current_liabilities"), np.subtract),
    ("debt_to_assets", ("total_liabilities", "total_assets"), per_assets),
    ("debt_to_assets", ("equity_to_assets",), lambda equity: 1 - equity),
    ("debt_to_assets", ("debt_to_equity",), lambda debt: np.where(debt >= 0, debt / (1 + np.abs(debt)), np.nan)),
    ("debt_to_assets", ("equity_to_liabilities",), lambda cover: np.where(cover > -1, 1 / (1 + np.maximum(cover, -0.999)), np.nan)),
    ("current_ratio", ("current_assets", "current_liabilities"), per_debt),
    ("quick_ratio", ("current_assets", "inventory", "current_liabilities"), lambda all_, stock, owed: per_debt(all_ - stock, owed)),
    ("cash_ratio", ("cash", "current_liabilities"), per_debt),
    ("working_capital_to_assets", ("working_capital", "total_assets"), per_assets),
    ("retained_earnings_to_assets", ("retained_earnings", "total_assets"), per_assets),
    ("ebit_to_assets", ("ebit", "total_assets"), per_assets),
    ("equity_to_liabilities", ("net_worth", "total_liabilities"), per_debt),
    ("equity_to_liabilities", ("debt_to_assets",), lambda debt: per_debt(1 - debt, debt)),
    (
        "altman_z2",
        ("working_capital_to_assets", "retained_earnings_to_assets", "ebit_to_assets", "equity_to_liabilities"),
        z_double_prime,
    ),
    ("roa", ("net_profit", "total_assets"), per_assets),
    ("cash_flow_to_debt", ("net_profit", "depreciation", "total_liabilities"), lambda net, worn, owed: per_debt(net + worn, owed)),
    ("cash_flow_to_debt", ("ebitda", "total_liabilities"), per_debt),
    ("interest_coverage", ("ebit", "interest_expense"), per_debt),
    ("years_of_trade", ("months_of_trade",), lambda months: months / 12),
    ("years_of_trade", ("as_of", "first_trade"), lambda today, first: (today - first).astype("timedelta64[D]").astype(float) / 365.25),
)


def complete(columns: Mapping[str, np.ndarray]) -> Columns:
    """Add every ratio that follows from the columns given; given values stay, blanks in them are filled.

    `columns`: by key of FIELDS, all of one length; numbers float64, dates datetime64[D].
    """
    known: Columns = dict(columns)
    for what, needed, how in _DERIVED:
        if any(key not in known for key in needed):
            continue
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            made = how(*(known[key] for key in needed))
        if made.dtype.kind != "f":
            made = made.astype(np.float64)
        if any(known[key].dtype.kind == "M" for key in needed):
            made = np.where(np.logical_or.reduce([np.isnat(known[key]) for key in needed]), np.nan, made)
        known[what] = np.where(np.isnan(known[what]), made, known[what]) if what in known else made
    return known
