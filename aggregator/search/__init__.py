"""Search: the index that `build` writes, and the same ranking in Python as in the browser.

The outputs hand over `Document`s and publish the files; the command line asks. Nothing here
imports the rest of the product, touches a file, or knows what a page looks like.
"""

from .build import build_index
from .document import Document
from .engine import Change, Hit, Results, search
from .files import write_index
from .index import Facet, Index, Posting

__all__ = [
    "Change",
    "Document",
    "Facet",
    "Hit",
    "Index",
    "Posting",
    "Results",
    "build_index",
    "search",
    "write_index",
]
