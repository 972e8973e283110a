"""The registry: what members write, read strictly and answered kindly.

Everything about `registry.yaml` lives in this package: its values, the loader,
the checks and the ways in. Nothing here talks to GitHub; what needs an answer
from there takes a callable.
"""

from aggregator.registry.loader import load, load_texts
from aggregator.registry.mistakes import NOWHERE, Mistake, Place
from aggregator.registry.models import Entry, Links, Organisation, Registry, Showcase, Talk
from aggregator.registry.names import RepoName, is_slug, slug_of

__all__ = [
    "NOWHERE",
    "Entry",
    "Links",
    "Mistake",
    "Organisation",
    "Place",
    "Registry",
    "RepoName",
    "Showcase",
    "Talk",
    "is_slug",
    "load",
    "load_texts",
    "slug_of",
]
