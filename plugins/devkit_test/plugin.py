"""The test plugin: what is planned, as data."""
