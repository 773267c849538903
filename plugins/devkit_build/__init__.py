"""The build stage: the container image of a service, or the distribution of a library."""
