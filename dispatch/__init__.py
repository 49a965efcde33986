"""Decisions, work orders, clocks, handling and review."""
