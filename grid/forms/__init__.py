"""The shape of input: forms check, services decide."""
