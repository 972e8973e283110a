"""GitHub: the only code that knows PyGithub, requests and requests-cache.

``open_source`` gives a ``Source`` of facts, ``open_sightings`` a quick look at a few names for the
registry check. Nothing of PyGithub, no API dictionary and no lazy object ever leaves this package.
"""
