"""How dates and times are written, the same in every language: 2026-11-23 18:00."""
