"""READMEs: from the bytes GitHub keeps to HTML, words and a summary that are safe to show.

    bytes -> decode -> markdown | rst | notebook | plain -> finish -> sanitise -> Readme

`render` is the whole of it for one README; `open_renderer` runs many in workers that can be
stopped, and remembers what it rendered. Nothing here reads the network.
"""

from aggregator.readme.models import Heading, LeadImage, Readme, ReadmeSource
from aggregator.readme.rendering import RENDERER_VERSION, render, render_markdown, story_source
from aggregator.readme.unlink import unlink, unlink_readme
from aggregator.readme.workers import Renderer, open_renderer

__all__ = [
    "RENDERER_VERSION",
    "Heading",
    "LeadImage",
    "Readme",
    "ReadmeSource",
    "Renderer",
    "open_renderer",
    "render",
    "render_markdown",
    "story_source",
    "unlink",
    "unlink_readme",
]
