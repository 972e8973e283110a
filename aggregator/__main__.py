"""Let `python -m aggregator` be the same as `aggregator`."""

from aggregator.cli import main

main()
