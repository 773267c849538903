"""Click commands, each in a file of its own: parse, call one function, return a code."""
