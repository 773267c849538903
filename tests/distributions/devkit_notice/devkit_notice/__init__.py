"""A stage that reads a value of another author's stage."""
