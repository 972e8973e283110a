"""A run from end to end: ask GitHub, assemble, build, publish, and say how it went."""
