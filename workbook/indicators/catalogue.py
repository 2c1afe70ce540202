"""What is watched: one table of metrics, each over its windows. A metric over a window is an indicator with a key of its own.

Thresholds are house rules unless a source is named; a row of the sheet Signals with an indicator's key replaces them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from functions.early_warning import SIGNALS, Signal
from workbook.indicators.metrics import METRICS, NOW, Metric


@dataclass(frozen=True, slots=True)
class Indicator:
    """A metric over a window of days; 0 stands for the day itself."""

    metric: Metric
    window: int

    @property
    def key(self) -> str:
        """Name it has on the sheet Signals."""
        return self.metric.key if self.window == NOW else f"{self.metric.key}_{self.window}"

    @property
    def signal(self) -> Signal:
        """Return the thresholds as those of a signal."""
        one = self.metric
        return Signal(self.key, self.words("en"), self.words("zh"), one.watch, one.alarm, one.direction, one.minimum_sample)

    def words(self, language: str) -> str:
        """Name it for people, with its window."""
        one = self.metric
        if self.window == NOW:
            return one.words_zh if language == "zh" else one.words
        return f"{one.words_zh}（{self.window}天）" if language == "zh" else f"{one.words}, {self.window} days"

    def formula(self, language: str) -> str:
        """Say how it is worked out."""
        return (self.metric.formula_zh if language == "zh" else self.metric.formula).replace("{w}", str(self.window))


INDICATORS: Final = tuple(Indicator(metric, window) for metric in METRICS for window in metric.windows)
BY_KEY: Final = {one.key: one for one in INDICATORS}
#: the signals that make a customer's state where the sheet Signals is empty; each is in the catalogue too
SIGNAL_KEYS: Final = tuple(signal.key for signal in SIGNALS)
