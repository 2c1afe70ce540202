"""Indicators of customers: one declared table, and what computes all of them column-wise."""
