"""Many requests in one table: its columns, reading it, the template and the marked-up file."""
