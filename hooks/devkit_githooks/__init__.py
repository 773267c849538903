"""Git hooks that devkit offers to any repository."""
