"""Intake's pages, a file for each subject: parse, one call, respond."""
