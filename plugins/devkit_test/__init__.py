"""The test stage: the project's own tests with coverage."""
