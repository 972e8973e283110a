"""What GitHub said about each repository, when, and what went wrong.

Here live the frozen models that travel from the fetcher to the store and from the store to the
catalogue. No judgement, no network and no file ever lives here. Every block of facts carries the
moment it was last confirmed. ``None`` always means "not known" or "not asked"; an empty tuple and
a zero mean that GitHub was asked and answered so.
"""
