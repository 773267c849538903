"""The only writer of files and the only starter of processes."""
