"""The entry point: answers version, help and completion before anything heavy is imported."""


def main() -> int:
    """Run the command line; return the exit code."""
    return 0
