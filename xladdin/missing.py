"""What numpy and pandas have in the place of None."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def is_missing(value: Any) -> bool:
    """Tell whether a value is NaT or pandas' NA; where nobody imported pandas, nothing is its own."""
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    pandas = sys.modules.get("pandas")
    return pandas is not None and (value is pandas.NaT or value is pandas.NA)
