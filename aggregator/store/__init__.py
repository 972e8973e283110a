"""``catalogue.db``: the last good truth, in one SQLite file, with what lies beside it."""
