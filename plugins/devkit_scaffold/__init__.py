"""The scaffold stage: templates and what they are recognised by."""
