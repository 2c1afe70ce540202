"""What cells compute: pure, vectorised credit functions; no spreadsheet, no file, no clock.

Importing the package imports every module in it, which enters its functions in the registry.
"""

from __future__ import annotations

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
