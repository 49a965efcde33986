"""Pages of the assessment ledger."""
