"""The scaffold plugin: what is planned, as data."""
