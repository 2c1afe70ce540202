"""The reports: pure functions of a credit book, its settings and a day."""
