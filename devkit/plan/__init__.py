"""Pure: contributions, baseline and what is on disk make a plan."""
