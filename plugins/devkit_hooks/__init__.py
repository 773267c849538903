"""The hooks stage: what git checks before a commit, and nothing of the user's lost while it does."""
