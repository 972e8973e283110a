"""Files that browsers, search engines and hosts look for at fixed names."""

import json
from collections.abc import Iterator
from itertools import islice

from aggregator.catalogue.types import Catalogue
from aggregator.site.data import xml
from aggregator.site.files import File
from aggregator.site.links import quoted
from aggregator.site.pages.contents import addresses
from aggregator.site.pages.frame import frame_of
from aggregator.site.theme import Theme
from aggregator.words.phrases import shortened

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# https://www.sitemaps.org/protocol.html: at most 50,000 addresses in one file.
_MOST_ADDRESSES = 50_000
# https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md: 16 characters.
_SHORT_NAME_LENGTH = 16


def render_assets(_catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Publish the theme's static files, and the mark where browsers look for it unasked."""
    yield from theme.assets.files


def render_wellknown(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the files with fixed names; those that need the site's address wait for it."""
    # Without this file GitHub Pages leaves out names that begin with an underscore.
    yield File(".nojekyll", b"")
    yield File.of_text("site.webmanifest", _manifest(catalogue, theme))
    yield File.of_text("robots.txt", _robots(catalogue))
    site = frame_of(catalogue).site
    if site.url:
        yield File("sitemap.xml", _sitemap(catalogue, site.url))
        yield File("opensearch.xml", _opensearch(catalogue, site.url, theme))


def _manifest(catalogue: Catalogue, theme: Theme) -> str:
    showcase = catalogue.showcase
    mark = {"src": theme.assets.path("mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    manifest = {
        "name": showcase.title,
        "short_name": shortened(showcase.title, 24),
        "lang": showcase.language,
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "theme_color": theme.accent.light,
        "icons": [mark],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def _robots(catalogue: Catalogue) -> str:
    """Welcome everybody; a robots.txt below the top of a host is not read, but does no harm."""
    site = frame_of(catalogue).site
    lines = ["User-agent: *", "Allow: /"]
    if site.url:
        lines.append(f"Sitemap: {site.url}sitemap.xml")
    return "\n".join(lines) + "\n"


def _sitemap(catalogue: Catalogue, url: str) -> bytes:
    urlset = xml.root("urlset", _SITEMAP)
    for path in islice(addresses(catalogue), _MOST_ADDRESSES):
        xml.add(xml.add(urlset, "url"), "loc", url + quoted(path))
    return xml.document(urlset)


def _opensearch(catalogue: Catalogue, url: str, theme: Theme) -> bytes:
    title = catalogue.showcase.title
    about = xml.root("OpenSearchDescription", _OPENSEARCH)
    xml.add(about, "ShortName", shortened(title, _SHORT_NAME_LENGTH))
    xml.add(about, "Description", f"Search the projects of {title}")
    xml.add(about, "InputEncoding", "UTF-8")
    icon = url + quoted(theme.assets.path("mark.svg"))
    xml.add(about, "Image", icon, {"type": "image/svg+xml"})
    target = {"type": "text/html", "template": f"{url}search/?q={{searchTerms}}"}
    xml.add(about, "Url", None, target)
    return xml.document(about)
