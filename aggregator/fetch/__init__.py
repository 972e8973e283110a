"""The fetching policy: what to ask, in which order, how patiently, and what to keep.

No HTTP and no files: a ``Source`` answers and the caller stores each ``Batch``.
"""
