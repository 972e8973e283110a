"""``catalogue.db``: the last good truth, in one SQLite file, and the locks beside it."""
