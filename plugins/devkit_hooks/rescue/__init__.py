"""Rescue commits: work that is not staged, kept under `refs/devkit/rescue/` while hooks run.

The modules here are what every commit waits for: they import little, and start git without `subprocess`.
"""
