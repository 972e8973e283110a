"""The command line: `aggregator COMMAND`. The clock and the environment enter here only."""

from aggregator.cli.app import main

__all__ = ["main"]
