"""Files that browsers, search engines and hosts look for at fixed names."""

import json
from collections.abc import Iterator
from itertools import islice

from aggregator.catalogue.types import Catalogue
from aggregator.site.contents import PAGES
from aggregator.site.data.xml import document, element
from aggregator.site.frame import Frame, organisation_anchor
from aggregator.site.recipes import File
from aggregator.site.theme import Theme
from aggregator.words.addresses import quoted
from aggregator.words.phrases import shortened

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# https://www.sitemaps.org/protocol.html: at most 50,000 addresses in one file.
_MOST_ADDRESSES = 50_000
# https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md: 16 characters.
_SHORT_NAME_LENGTH = 16


def wellknown_files(catalogue: Catalogue, frame: Frame, theme: Theme) -> Iterator[File]:
    """Make the files with fixed names; those that need the site's address wait for it."""
    site = frame.site
    # Without this file GitHub Pages leaves out names that begin with an underscore.
    yield File(".nojekyll", b"")
    mark = theme.assets.path("mark.svg")
    about = (site.title, site.language, theme.accent.light, mark)
    yield File("site.webmanifest", about, _manifest)
    # Everybody is welcome. Below the top of a host it is not read, but does no harm.
    robots = [
        "User-agent: *",
        "Allow: /",
        *([f"Sitemap: {site.url}sitemap.xml"] if site.url else []),
    ]
    yield File.of_text("robots.txt", "\n".join(robots) + "\n")
    if site.url:
        # Pages are told by their addresses and not by what stands on them, so it changes seldom.
        addresses = [
            site.url + quoted(path) for path in islice(_paths(catalogue, frame), _MOST_ADDRESSES)
        ]
        yield File("sitemap.xml", addresses, _sitemap)
        yield File("opensearch.xml", (site.title, site.url, mark), _opensearch)


def _paths(catalogue: Catalogue, frame: Frame) -> Iterator[str]:
    """List the folders of all pages that search engines are sent to."""
    yield from (kind.folder for kind in PAGES if kind.itself and kind.found)
    yield from (p.page for p in catalogue.projects if not p.standing.outcome.erases)
    yield from (organisation_anchor(group.organisation).path for group in catalogue.organisations)
    yield from frame.groups


def _manifest(about: tuple[str, str, str, str]) -> bytes:
    title, language, colour, mark = about
    manifest = {
        "name": title,
        "short_name": shortened(title, 24),
        "lang": language,
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "theme_color": colour,
        "icons": [{"src": mark, "sizes": "any", "type": "image/svg+xml"}],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()


def _sitemap(addresses: list[str]) -> bytes:
    urls = (element("url", [element("loc", address)]) for address in addresses)
    return document(element("urlset", urls, {"xmlns": _SITEMAP}))


def _opensearch(about: tuple[str, str, str]) -> bytes:
    title, url, mark = about
    target = {"type": "text/html", "template": f"{url}search/?q={{searchTerms}}"}
    parts = (
        element("ShortName", shortened(title, _SHORT_NAME_LENGTH)),
        element("Description", f"Search the projects of {title}"),
        element("InputEncoding", "UTF-8"),
        element("Image", url + quoted(mark), {"type": "image/svg+xml"}),
        element("Url", attributes=target),
    )
    return document(element("OpenSearchDescription", parts, {"xmlns": _OPENSEARCH}))
