"""Consumers of events: console, plain, JSON."""
