"""Reading the assessment ledger."""
