"""The image of a README that shows the project: a screenshot, a plot or a diagram."""

from selectolax.lexbor import LexborNode

from aggregator.readme.models import LeadImage


def find_lead_image(body: LexborNode) -> LeadImage | None:
    """Give the first image that shows the project, or None."""
    del body
    return None
