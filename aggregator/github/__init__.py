"""GitHub: the only code that knows PyGithub, requests and requests-cache.

``open_source`` gives a ``Source`` of facts, ``open_sightings`` a quick look at a few names for the
registry check. Nothing of PyGithub, no API dictionary and no lazy object ever leaves this package.
"""

from aggregator.github.download import Downloaded, download
from aggregator.github.opening import Endpoint, open_sightings, open_source

__all__ = ["Downloaded", "Endpoint", "download", "open_sightings", "open_source"]
