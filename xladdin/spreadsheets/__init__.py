"""Spreadsheets that are only read: the cells of one sheet of an .xlsx, .xlsb, .xls or .ods, with their errors, formulas and hidden rows."""
