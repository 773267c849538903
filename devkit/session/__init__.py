"""Wires the rooms for one invocation."""
