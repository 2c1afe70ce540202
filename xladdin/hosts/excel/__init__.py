"""Excel: what its buttons call. The function module and the installer are not here yet; see docs/excel.md."""
