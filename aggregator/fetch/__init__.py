"""The fetching policy: what to ask, in which order, how patiently, and what to keep.

No HTTP and no files: a ``Source`` answers and the caller stores each ``Batch``.
"""

from aggregator.fetch.budget import DEFAULT_SECONDS, Budget, Clock
from aggregator.fetch.keep import merge
from aggregator.fetch.run import Fetch, Terms, fetch
from aggregator.fetch.state import Batch, Ending, Progress, State, Step

__all__ = [
    "DEFAULT_SECONDS",
    "Batch",
    "Budget",
    "Clock",
    "Ending",
    "Fetch",
    "Progress",
    "State",
    "Step",
    "Terms",
    "fetch",
    "merge",
]
