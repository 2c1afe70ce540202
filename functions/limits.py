"""Credit limits inside a group, and which customers get the deep due diligence."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.errors import InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
NO_LIMIT: Final = "no limit"
GUARANTEE_IN: Final = ("limit", "exposure")
TIERS: Final = ("standard", "deep")


def effective_limits(own: Numbers, group: Numbers, mandatory: Flags, unlimited: Flags) -> Numbers:
    """Return each customer's limit inside its group; infinite = no limit, NaN = none set. n rows; NaN in = none set."""
    none_of_its_own = np.isnan(own) | (own == 0)
    inherited = np.where(mandatory, 0.0, np.where(unlimited, np.inf, group))
    return np.where(none_of_its_own, inherited, np.fmin(own, group))


@function(
    category="Limits",
    help_zh="集团内有效信用额度：自有额度与集团额度取小；自有为空或0时按规则继承。",
    args=(
        Arg(
            "own",
            "number",
            "The customer's own limit; blank or 0 = none.",
            "客户自有额度；空白或0为无。",
            shape="column",
            blank="missing",
            minimum=0,
        ),
        Arg(
            "group",
            "number",
            "The limit of its group; blank = none set.",
            "集团额度；空白为未设。",
            shape="column",
            blank="missing",
            minimum=0,
        ),
        Arg(
            "mandatory",
            "boolean",
            "TRUE: without an own limit there is no credit.",
            "TRUE：无自有额度即不予赊销。",
            shape="column",
            default=False,
        ),
        Arg(
            "unlimited",
            "boolean",
            "TRUE: without an own limit there is no limit.",
            "TRUE：无自有额度即不限额。",
            shape="column",
            default=False,
        ),
        Arg("guarantee", "number", "A guarantee; blank = none.", "担保金额；空白为无。", shape="column", default=0.0, minimum=0),
        Arg(
            "guarantee_share",
            "number",
            "Share of it that counts, 50% = 0.5.",
            "担保计入比例，如0.5。",
            shape="column",
            default=1.0,
            minimum=0,
            maximum=1,
        ),
        Arg(
            "guarantee_in",
            "text",
            "limit: given to us for the customer, it raises the limit; exposure: given by the customer for others, it takes from it.",
            "limit：为该客户向我方提供的担保，增加额度；exposure：该客户为他人提供的担保，占用额度。",
            default="limit",
            choices=GUARANTEE_IN,
        ),
    ),
    result="any",
    source="Convention of Dynamics 365 Finance, customer credit groups; guarantees count by the share that is their exposure.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example((20000, 15000), 15000, "The group's limit is the lower one.", "集团额度较低。"),
        Example((0, 15000, True), 0, "A limit of its own is mandatory and missing.", "须有自有额度但未设。"),
        Example((None, 15000, False, True), NO_LIMIT, "Unlimited unless set.", "未设则不限额。"),
        Example((100_000, None, False, False, 50_000, 0.5), 125_000, "A guarantee that counts by half.", "担保按50%计入。"),
    ),
)
def effective_limit(
    own: Numbers,
    group: Numbers,
    mandatory: Flags,
    unlimited: Flags,
    guarantee: Numbers | None = None,
    guarantee_share: Numbers | None = None,
    guarantee_in: str = "limit",
) -> NDArray[np.object_]:
    """Limit of a customer inside its group: the lower of its own and the group's; without its own, as the flags say.

    `own`, `group`: amounts in one currency, n rows, blanks missing; `mandatory`, `unlimited`: n truth values. An own limit above 0:
    the lower of the two. Blank or 0: 0 if mandatory, else "no limit" if unlimited, else the group's. `guarantee`: amounts, n rows, of which
    `guarantee_share` (fractions) raises that limit, or with `guarantee_in` exposure lowers it, not below 0. Answers n amounts, "no
    limit", or a blank where no limit is set at all.
    """
    limits = effective_limits(own, group, mandatory, unlimited)
    if guarantee is not None:
        counted = guarantee * (1.0 if guarantee_share is None else guarantee_share)
        limits = limits + counted if guarantee_in == "limit" else np.maximum(limits - counted, 0)
    answer = limits.astype(object)
    answer[np.isposinf(limits)] = NO_LIMIT
    answer[np.isnan(limits)] = None
    return answer


def deep_from(turnovers: Numbers, share: float, option: str) -> float:
    """Return the lowest turnover that is in the deep tier; infinite when none is. `turnovers`: all customers', no NaN."""
    ranked = np.sort(turnovers)[::-1]
    if option == "value":
        ranked = ranked[ranked > 0]
        if not len(ranked):
            return np.inf
        before = np.concatenate(([0.0], np.cumsum(ranked)[:-1]))
        chosen = ranked[before < (1 - share) * ranked.sum() * (1 - 1e-12)]
    else:
        chosen = ranked[: int(np.ceil(round(share * len(ranked), 9)))]
    return float(chosen[-1]) if len(chosen) else np.inf


@function(
    category="Limits",
    help_zh="尽调等级：营业额排名前20%的客户为 deep，其余为 standard；并列一同入选。",
    args=(
        Arg("turnover", "number", "The customer's turnover, or a column of it.", "客户营业额，可为一列。", shape="column", blank="missing"),
        Arg(
            "all_turnover",
            "number",
            "The turnover of all customers; blanks do not count.",
            "全部客户营业额；空白不计。",
            shape="range",
            blank="blank",
        ),
        Arg("share", "number", "Share of the customers, 20% = 0.2.", "客户占比，如0.2。", default=0.2, minimum=0, maximum=1),
        Arg(
            "option",
            "text",
            "number: the top share by count; value: those that make up the rest (80%) of turnover.",
            "number：按户数前20%；value：合计占营业额80%者。",
            default="number",
            choices=("number", "value"),
        ),
    ),
    result="text",
    source="House rule: due diligence in depth for the top 20% by number, ranked by turnover; ties go in together.",
    errors=(InvalidValue,),
    examples=(Example((900, [[900], [500], [300], [200], [100]]), "deep", "First of five.", "五户之首。"),),
)
def dd_tier(turnover: Numbers, all_turnover: Numbers, share: float = 0.2, option: str = "number") -> Rows:
    """Tier of due diligence: "deep" for the top customers by turnover, else "standard".

    `turnover`: amounts, n rows, blanks missing; `all_turnover`: amounts of all customers; `share`: fraction. The count is rounded
    up; whoever has as much as the last one chosen is in. "value": the largest customers until they make up 1 - share of all
    turnover. Blanks, zero and negatives are "standard". Answers n texts; InvalidValue when nobody has a turnover.
    """
    if not len(all_turnover):
        raise InvalidValue("all_turnover holds no number")
    threshold = deep_from(all_turnover, share, option)
    deep = (turnover >= threshold) & (turnover > 0)
    return Rows(np.array(TIERS, dtype=object)[deep.astype(np.int64)])
