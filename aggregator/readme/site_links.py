"""Where relative links of the community's own pages lead, once it is known which pages there are.

Rendering gives each an address that can never be (`OWN_ADDRESS`). Here a link that leads nowhere
becomes its words and a picture that is not there its alternative; the rest is sanitised again, and
then its addresses, which came through that gate, are exchanged for paths that the caller made.
"""

import re
from collections.abc import Callable
from html import escape
from urllib.parse import unquote

from turbohtml import Element, Text

from aggregator.readme.markup import parse
from aggregator.readme.readme import OWN_ADDRESS
from aggregator.readme.sanitise import sanitise

Leads = Callable[[str], str | None]

_WRITTEN = re.compile(rf'\b(href|src)="{re.escape(OWN_ADDRESS)}([^"]*)"')
# Files, folders and pictures: what stands between the site and the path, as on GitHub.
_VIEW = re.compile(r"/?(?:(?:blob|tree|raw)/)?(?:-(?:/|\Z))?")


def led(html: str, leads: Leads) -> str:
    """Let the relative links of a page lead where they should.

    Args:
        html: as the worker gives it.
        leads: gives for a path from the folder of the pages, such as "other.md#how" or "tags",
            the address to write; None where nothing is there.
    """
    if OWN_ADDRESS not in html:
        return html
    root = parse(html)
    for element in root.select("[srcset]"):
        if OWN_ADDRESS in (element.attr("srcset") or ""):
            element.attrs.pop("srcset", None)  # what `src` names is shown at every size
    for link in list(root.find_all("a")):
        if _target(link, "href", leads) is None:
            link.unwrap()
    for image in list(root.find_all("img")):
        if _target(image, "src", leads) is None:
            image.replace_with(Text(image.attr("alt") or ""))
    return _WRITTEN.sub(lambda found: _exchanged(found, leads), sanitise(root.inner_html))


def _target(element: Element, name: str, leads: Leads) -> str | None:
    """Give where an element leads: its own address where that is elsewhere, None for nowhere."""
    written = element.attr(name)
    if written is None or not written.startswith(OWN_ADDRESS):
        return written or ""
    return leads(_path(written.removeprefix(OWN_ADDRESS)))


def _path(rest: str) -> str:
    return unquote(_VIEW.sub("", rest, count=1))


def _exchanged(found: re.Match[str], leads: Leads) -> str:
    address = leads(_path(found[2].replace("&amp;", "&")))
    return f'{found[1]}="{escape(address)}"' if address is not None else ""
