"""Open311 GeoReport v2 with the extension for updates (docs/how-to/open311.md)."""
