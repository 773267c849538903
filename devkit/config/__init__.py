"""Text to frozen settings with their origin."""
