"""Pages of dispatch and handling, by desk."""
