"""Ledgers that do not fit a sheet: read where they lie, by an engine, and only the answer brought into the workbook."""
