"""The scorecard used where the workbook has none of its own: 100 points in all.

    12  the three verifications       46  the statements (liquidity, debt, profit, Altman's Z'')
    24  how the customer pays         18  events around the customer and the length of trade

The edges come from the literature and from the house's own rules, not from a fit to any set of defaults. The weights are judgement:
the conduct seen on one's own ledger counts per factor for more than any single ratio of an old statement. A missing value gives half
the points, so that what nobody knows neither condemns a customer nor recommends him.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from functions.scorecard import Band, Factor, Scorecard

_INF: Final = math.inf


def _bands(edges: tuple[float, ...], points: tuple[float, ...]) -> tuple[Band, ...]:
    """Join edges and points: one more point value than edges, the outer bands open."""
    bounds = (-_INF, *edges, _INF)
    return tuple(Band(low, high, value) for (low, high), value in zip(pairwise(bounds), points, strict=True))


def _ratio(
    key: str, title: str, title_zh: str, edges: tuple[float, ...], points: tuple[float, ...], source: str, form: str = ".2f"
) -> Factor:
    say = f"{title} {{value:{form}}}"
    return Factor(key, title, title_zh, _bands(edges, points), max(points) / 2, say, f"{title_zh}{{value:{form}}}", source)


def _check(key: str, title: str, title_zh: str, source: str) -> Factor:
    bands = (Band(-_INF, 1, 0, "not verified", "未核实"), Band(1, _INF, 4, "verified", "已核实"))
    return Factor(key, title, title_zh, bands, 2, f"{title} {{note}}", f"{title_zh}{{note}}", source)


def _said(key: str, say: str, say_zh: str, factor: Factor) -> Factor:
    return Factor(key, factor.title, factor.title_zh, factor.bands, factor.missing, say, say_zh, factor.source)


_VERIFICATION: Final = "Triple verification (register, statements, reputation) before any credit: the house rule"
_Z2_EDGES: Final = (-0.75, 1.10, 1.70, 2.60, 3.40, 4.90)
_Z2: Final = Factor(
    "altman_z2",
    "Altman Z''",
    "Altman Z''值",
    tuple(
        Band(band.low, band.high, band.points, *note)
        for band, note in zip(
            _bands(_Z2_EDGES, (0, 2, 4, 5, 6.5, 8, 9)),
            [("distress", "困境区")] * 2 + [("grey", "灰色区")] * 2 + [("safe", "安全区")] * 3,
            strict=True,
        )
    ),
    4.5,
    "Altman Z'' {value:.2f} ({note})",
    "Altman Z''值{value:.2f}（{note}）",
    "Zones 1.10 and 2.60: Altman 1983; the other edges are the bond ratings CCC, BB, A and AAA of the emerging market score less 3.25: "
    "Altman, Hartzell, Peck 1995",
)

DEFAULT_SCORECARD: Final = Scorecard(
    (
        _check("register_verified", "register entry", "工商登记", _VERIFICATION),
        _check("statements_verified", "financial statements", "财务报表", _VERIFICATION),
        _check("reputation_verified", "trade reputation", "商业口碑", _VERIFICATION),
        _ratio(
            "current_ratio",
            "current ratio",
            "流动比率",
            (0.5, 1.0, 1.5, 2.0),
            (0, 1, 2, 3, 4),
            "Two to one is the bankers' rule tested by Beaver 1966; below 1 current liabilities exceed current assets: Ohlson 1980 (CLCA)",
        ),
        _ratio(
            "quick_ratio",
            "quick ratio",
            "速动比率",
            (0.3, 0.7, 1.0, 1.5),
            (0, 1, 2, 3, 4),
            "One to one is the acid test of the textbooks; the other edges are judgement",
        ),
        _ratio(
            "cash_ratio",
            "cash ratio",
            "现金比率",
            (0.02, 0.1, 0.2, 0.5),
            (0, 1, 2, 3, 4),
            "0.2 is the textbooks' floor; cash as a predictor of small firms' default: Altman, Sabato 2007; the other edges are judgement",
        ),
        _ratio(
            "debt_to_assets",
            "liabilities to assets",
            "资产负债率",
            (0.3, 0.5, 0.65, 0.8, 1.0),
            (8, 7, 5, 3, 1, 0),
            "Total debt to total assets: Beaver 1966; from 1.0 liabilities exceed assets: Ohlson 1980 (OENEG); else judgement",
            ".0%",
        ),
        _ratio(
            "roa",
            "return on assets",
            "总资产净利率",
            (-0.05, 0.0, 0.02, 0.05, 0.10),
            (0, 1, 2, 4, 5, 6),
            "Net income to total assets: Beaver 1966, Ohlson 1980 (NITA; losses, INTWO); edges above zero are judgement",
            ".1%",
        ),
        _ratio(
            "interest_coverage",
            "interest coverage",
            "利息保障倍数",
            (0.8, 1.5, 3.0, 6.0, 12.5),
            (0, 1, 2, 3, 4, 5),
            "Edges of the ratings C/CC, B-, BB, A and AAA of small companies: Damodaran, Ratings, Interest Coverage Ratios and Default "
            "Spreads (NYU Stern)",
            ".1f",
        ),
        _ratio(
            "cash_flow_to_debt",
            "cash flow to debt",
            "现金流债务比",
            (0.0, 0.12, 0.20, 0.30, 0.45, 0.60),
            (0, 1, 2, 3, 4, 5, 6),
            "Best single predictor of failure: Beaver 1966; edges of funds from operations to debt: S&P, Corporate Methodology 2013, "
            "here over all liabilities",
        ),
        _Z2,
        _said(
            "average_days_late",
            "paid {value:.0f} days late on average",
            "平均逾期{value:.0f}天付款",
            _ratio(
                "average_days_late",
                "average days late",
                "平均逾期天数",
                (1, 16, 31, 61, 91),
                (12, 9, 6, 3, 1, 0),
                "Steps of Dun & Bradstreet's PAYDEX: 80 prompt, 70 15 days, 50 30, 40 60, 30 90 days beyond terms; the ladder's 30/60/90",
            ),
        ),
        _said(
            "payment_trend",
            "pays {value:.1f} days later each month",
            "付款每月推迟{value:.1f}天",
            _ratio(
                "payment_trend",
                "payment trend",
                "付款趋势",
                (0.5, 2, 5),
                (6, 4, 2, 0),
                "Judgement: half a day a month is noise, 5 days a month is two ladder steps in a year",
            ),
        ),
        _ratio(
            "dispute_count",
            "disputes",
            "争议数",
            (1, 2, 3),
            (6, 4, 2, 0),
            "Judgement: one dispute happens, three in a year are a way of paying late",
            ".0f",
        ),
        _ratio(
            "order_volatility",
            "order volatility",
            "订单波动率",
            (0.25, 0.5, 1.0),
            (4, 3, 2, 0),
            "Deviation / mean of monthly orders; 0.5 and 1.0 are the classes X, Y, Z of stock keeping",
        ),
        _ratio(
            "litigation_count",
            "lawsuits as defendant",
            "被诉案件数",
            (1, 2, 3),
            (6, 3, 1, 0),
            "Suits, liens and judgments are public record items of every bureau score; the steps are judgement",
            ".0f",
        ),
        _ratio(
            "management_changes",
            "management changes",
            "管理层变动次数",
            (1, 2, 3),
            (4, 3, 1, 0),
            "One of the house's three early warnings; one change a year is normal, the steps are judgement",
            ".0f",
        ),
        _ratio(
            "years_of_trade",
            "years of trade",
            "交易年数",
            (0.5, 1, 2, 5),
            (0, 1, 2, 3, 4),
            "Half a year is the house's line between new and known customers; young companies fail most, the first five years: Altman 1983",
            ".1f",
        ),
    )
)


def scorecard_rows(scorecard: Scorecard = DEFAULT_SCORECARD) -> list[tuple[str, float | None, float | None, float]]:
    """Return the rows of a scorecard range (factor, from, to, points) that reads back as this scorecard."""
    rows: list[tuple[str, float | None, float | None, float]] = []
    for factor in scorecard.factors:
        rows += [(factor.key, _bound(band.low), _bound(band.high), band.points) for band in factor.bands]
        rows.append((factor.key, None, None, factor.missing))
    return rows


def _bound(edge: float) -> float | None:
    return None if math.isinf(edge) else edge
