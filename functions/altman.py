"""The Z-score family: one weighted sum of balance-sheet ratios, with weights for each kind of company.

    X1 working capital / total assets        X4 equity / total liabilities (market value in Z, book value in the others)
    X2 retained earnings / total assets      X5 sales / total assets (Z and Z' only)
    X3 EBIT / total assets

Z is for listed manufacturers, Z' for private manufacturers, Z'' for all others, Z''EM for emerging markets (Z'' + 3.25, so that
zero is a bond in default).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.errors import InvalidValue
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]

#: constant and weights of X1 … X5
WEIGHTS: Final[dict[str, tuple[float, tuple[float, ...]]]] = {
    "Z": (0.0, (1.2, 1.4, 3.3, 0.6, 1.0)),  # Altman 1968; he prints 0.999 for X5 as well, hence the argument
    "Z'": (0.0, (0.717, 0.847, 3.107, 0.420, 0.998)),  # Altman 1983, private manufacturers
    "Z''": (0.0, (6.56, 3.26, 6.72, 1.05)),  # Altman 1983/1995, non-manufacturers
    "Z''EM": (3.25, (6.56, 3.26, 6.72, 1.05)),  # Altman, Hartzell, Peck 1995
}
#: below the first: distress; above the second: safe; the edges themselves are grey
ZONES: Final[dict[str, tuple[float, float]]] = {
    "Z": (1.81, 2.99),  # Altman 1968
    "Z'": (1.23, 2.90),  # Altman 1983
    "Z''": (1.10, 2.60),  # Altman 1983/1995
    "Z''EM": (4.35, 5.85),  # those of Z'' plus its constant 3.25
}
ZONE_NAMES: Final = {"en": ("distress", "grey", "safe"), "zh": ("困境区", "灰色区", "安全区")}
SOURCE: Final = (
    "Altman, Journal of Finance 23 (1968) 589-609 (Z); Altman, Corporate Financial Distress (1983) (Z', Z''); "
    "Altman, Hartzell, Peck, Emerging Markets Corporate Bonds: A Scoring System (1995) (Z''EM)."
)

MODEL = Arg(
    "model",
    "text",
    "Z listed manufacturer, Z' private manufacturer, Z'' other companies, Z''EM emerging markets.",
    "Z 上市制造业，Z' 非上市制造业，Z'' 其他企业，Z''EM 新兴市场。",
    choices=tuple(WEIGHTS),
)


def z_score(model: str, ratios: tuple[Numbers, ...], x5_weight: float = 1.0) -> Numbers:
    """Sum a model's weighted ratios. `ratios`: X1 … X4 and, for Z and Z', X5, n rows each."""
    constant, weights = WEIGHTS[model]
    if model == "Z":
        weights = (*weights[:4], x5_weight)
    total = np.full(ratios[0].shape, constant)
    for weight, ratio in zip(weights, ratios, strict=False):
        total = total + weight * ratio
    return total


def z_double_prime(x1: Numbers, x2: Numbers, x3: Numbers, x4: Numbers) -> Numbers:
    """Z'' of private companies and those that make nothing; n rows each."""
    return z_score("Z''", (x1, x2, x3, x4))


def zone_index(model: str, z: Numbers) -> NDArray[np.int64]:
    """0 distress, 1 grey, 2 safe."""
    low, high = ZONES[model]
    return (z >= low).astype(np.int64) + (z > high)


@function(
    category="Scoring",
    help_zh="Altman Z 值：Z、Z'、Z''、Z''EM 四种模型。",
    args=(
        MODEL,
        Arg("x1", "number", "Working capital / total assets.", "营运资金 / 总资产。", shape="column"),
        Arg("x2", "number", "Retained earnings / total assets.", "留存收益 / 总资产。", shape="column"),
        Arg("x3", "number", "EBIT / total assets.", "息税前利润 / 总资产。", shape="column"),
        Arg(
            "x4",
            "number",
            "Equity / total liabilities: market value in Z, else book value.",
            "权益 / 总负债：Z 用市值，其余用账面值。",
            shape="column",
        ),
        Arg(
            "x5",
            "number",
            "Sales / total assets; needed by Z and Z' only.",
            "销售收入 / 总资产；仅 Z 与 Z' 需要。",
            shape="column",
            default=None,
        ),
        Arg(
            "x5_weight", "number", "Weight of X5 in model Z: 1.0, or 0.999 as also printed.", "Z 模型 X5 权重：1.0 或 0.999。", default=1.0,
        ),
    ),
    result="number",
    source=SOURCE,
    errors=(InvalidValue,),
    examples=(
        Example(("Z", 0.05, 0.025, 0.02, 0.15, 3), 3.251, "A listed trader with high turnover.", "高周转的上市企业。"),
        Example(("Z''", 0.2, 0.1, 0.1, 1), 3.36, "A private service company.", "非上市服务企业。"),
    ),
)
def altman_z(model: str, x1: Numbers, x2: Numbers, x3: Numbers, x4: Numbers, x5: Numbers, x5_weight: float = 1.0) -> Rows:
    """Altman's Z-score of companies from four or five balance-sheet ratios.

    `model`: Z, Z', Z'' or Z''EM; `x1` … `x5`: ratios as fractions, n rows. Answers n numbers. A row without X5 is InvalidValue
    for Z and Z'; the other models do not look at it.
    """
    if len(WEIGHTS[model][1]) == 4:
        return Rows(z_score(model, (x1, x2, x3, x4)))
    made = Rows(z_score(model, (x1, x2, x3, x4, x5), x5_weight))
    return made.fail(np.isnan(x5), InvalidValue(f"model {model} needs x5, sales / total assets"))


@function(
    category="Scoring",
    help_zh="Altman Z 值所处区域：困境、灰色或安全。",
    args=(
        MODEL,
        Arg("z", "number", "The Z-score, or a column of them.", "Z 值，可为一列。", shape="column"),
        Arg("language", "text", "Language of the answer: en or zh.", "结果语言：en 或 zh。", default="en", choices=("en", "zh")),
    ),
    result="text",
    source=SOURCE,
    examples=(
        Example(("Z''", 3.36), "safe", "Above 2.60.", "高于2.60。"),
        Example(("Z", 1.81), "grey", "The edge itself is grey.", "界值属灰色区。"),
    ),
)
def altman_zone(model: str, z: Numbers, language: str = "en") -> NDArray[np.object_]:
    """Zone of a Z-score: distress, grey or safe. The edges themselves are grey.

    `model`: as ALTMANZ; `z`: n numbers. Edges: Z 1.81 and 2.99, Z' 1.23 and 2.90, Z'' 1.10 and 2.60, Z''EM 4.35 and 5.85.
    Answers n texts.
    """
    return np.array(ZONE_NAMES[language], dtype=object)[zone_index(model, z)]
