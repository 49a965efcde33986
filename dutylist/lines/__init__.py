"""What may stand in a line of a batch: input, the ground it stands on, rules, content, rows."""
