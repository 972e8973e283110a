"""What each source says about a project, which of it is shown, and why.

One mechanism for licence, title, summary, website, DOI, version and authors: `weigh` takes what
members wrote and what GitHub said and gives the `Evidence` that pages, exports and the check-up
read. Pure; nothing is fetched or stored here.
"""

from aggregator.evidence.addresses import doi_link
from aggregator.evidence.claims import Claim, Evidence, Field, Source, Told, Verdict, weigh

__all__ = ["Claim", "Evidence", "Field", "Source", "Told", "Verdict", "doi_link", "weigh"]
