"""The versioned registry of duties: items, versions, responsibility look-up."""
