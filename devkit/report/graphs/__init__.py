"""Drawings of the lifecycle: a layout of our own, and the formats it is written in."""
