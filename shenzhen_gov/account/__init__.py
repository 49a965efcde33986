"""Logging in: password, optional second step, changing both."""
