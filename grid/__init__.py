"""The territory, its units and people, and who holds what in it."""
