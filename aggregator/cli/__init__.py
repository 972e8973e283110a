"""The command line: `aggregator COMMAND`. The clock and the environment enter here only."""
