"""Snapshots: what the reports said on a day, kept, and what comes from many of them."""
