"""How Python meets a spreadsheet."""

__version__ = "0.2.0"
