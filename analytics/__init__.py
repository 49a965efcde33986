"""Figures: reads only. Its tables and pages come with their own issue."""
