"""Template tags of the shell and of generic lists."""
