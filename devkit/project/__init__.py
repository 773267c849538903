"""The read side: a recording tree, facts, git state."""
