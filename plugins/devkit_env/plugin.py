"""The env plugin: what is planned, as data."""
