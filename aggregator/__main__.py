"""Let `python -m aggregator` be the same as `aggregator`."""

from aggregator.cli.app import main

main()
