"""Images of a README: full addresses, alternatives, sizes; badges removed; the one that leads.

A badge repeats a fact (a version, a licence, a passing build) as a picture on somebody else's
server, so loading it tells that server who reads which page. What badges say that is worth knowing
stands among a project's facts.
"""

import re
from collections.abc import Mapping, Sequence
from posixpath import basename, splitext
from urllib.parse import unquote

from turbohtml import Element, Node, Text

from aggregator.readme.links import resolve_image, resolve_srcset
from aggregator.readme.markup import attributes_of, write_attributes
from aggregator.readme.readme import LeadImage, ReadmeSource

_PIXELS = re.compile(r"^\s*(\d{1,4})(?:\.\d+)?\s*(?:px)?\s*$")
_PERCENT = re.compile(r"^\s*(\d{1,3})(?:\.\d+)?\s*%\s*$")
# What goes with the badges it was around, and what may stand between badges.
_WRAPPING = frozenset(
    {"a", "picture", "p", "b", "strong", "em", "sup", "li", "ul", "ol", "div", "figure"}
    | {"dl", "dt", "dd"}
)
_NOT_HOLLOW = "img,input,hr,table,pre,[id],[name]"
_ONLY_SEPARATORS = re.compile("[\\s|\u00b7\u2022,/\u2013\u2014\xa0-]*")

# Hosts that serve nothing but badges, counters and buttons, with whatever stands in front of them.
_HOST_NAMES = """
    shields.io badge.fury.io badgen.net forthebadge.com travis-ci.org travis-ci.com codecov.io
    coveralls.io circleci.com appveyor.com dev.azure.com cirrus-ci.com semaphoreci.com drone.io
    codacy.com codeclimate.com codefactor.io sonarcloud.io lgtm.com deepsource.io deepsource.com
    scrutinizer-ci.com snyk.io landscape.io bestpractices.coreinfrastructure.org bestpractices.dev
    api.securityscorecards.dev api.scorecard.dev api.reuse.software pypip.in pepy.tech
    repostatus.org r-pkg.org r-universe.dev badgesize.io gitter.im
    isitmaintained.com requires.io pyup.io david-dm.org depfu.com libraries.io deps.rs
    mybinder.org binder.pangeo.io colab.research.google.com nodei.co hits.dwyl.com hits.sh
    komarev.com visitor-badge.laobi.icu visitor-badge.glitch.me buymeacoffee.com ko-fi.com
    liberapay.com herokucdn.com deploy.workers.cloudflare.com open-vsx.org vsmarketplacebadge.dev
    vsmarketplacebadges.dev app.fossa.io app.fossa.com tokei.rs wakatime.com bettercodehub.com
    inch-ci.org houndci.com percy.io api.netlify.com app.netlify.com cranchecks.info
    tinyverse.netlify.app contrib.rocks api.star-history.com badges.ropensci.org
    results.pre-commit.ci badge.buildkite.com github-readme-stats.vercel.app
    hitcounter.pythonanywhere.com codetriage.com goreportcard.com godoc.org repology.org
    goodtables.io scan.coverity.com awesome.re piptrends.com codeshelter.co codeocean.com
    opencollective.com deploy.cloud.run
"""
_HOSTS = frozenset(_HOST_NAMES.split())
# Hosts that serve badges beside other pictures, and where on them the badges are.
_SERVICES = {
    "anaconda.org": re.compile(r"/badges/"),
    "archive.softwareheritage.org": re.compile(r"/badge/"),
    "chanzuckerberg.github.io": re.compile(r"/open-science/badges/"),
    "netlify.com": re.compile(r"/badges/|/button\.svg$"),
    "pkg.go.dev": re.compile(r"/badge/"),
    "readthedocs.io": re.compile(r"/badge/"),
    "readthedocs.org": re.compile(r"/badge/"),
    "theoj.org": re.compile(r"/status\.svg$"),
    "vercel.com": re.compile(r"/button$"),
    "zenodo.org": re.compile(r"/badge/"),
}
# A GitLab may have any name of its own: its addresses tell.
_GITLAB = re.compile(r"/(?:-/)?badges/(?:[^/]+/)?(?:pipeline|coverage|release)\.svg$")

_CHECKED = r"""(?:build|ci|cd|code|codecov|colab|cov|coverage|cran|dependencies|docs?|doi|
    downloads?|flat|licen[cs]e|lint|logo|pypi|python|quality|release|shield|small|status|tests?|version)"""
_STAGES = r"""(?:experimental|maturing|stable|superseded|archived|questioning|deprecated|defunct|
    dormant|hibernate|retired|retiring|soft-deprecated)"""
_LICENCES = r"""(?:mit|apache|[al]?gpl|bsd|cc|cc0|mpl|isc|ogl|eupl|unlicense|wtfpl|epl|zlib|
    artistic|proprietary)"""
_TOOLS = r"""(?:bash|django|docker|electron|expo|fastapi|flask|go|hugo|javascript|jekyll|jupyter|
    kedro|latex|love|markdown|material|netlify|nextjs|next|node|numfocus|poetry|python|quarto|r|
    react|rstats|rust|sphinx|streamlit|svelte|swift|typescript|vercel|vite|vue)"""
# The whole name of a file, without its ending; words are joined by hyphens here.
_NAMES = re.compile(
    rf"""(?:{_CHECKED}-)?badge | badges?-{_CHECKED}(?:-[\w.]+)* | lifecycle-{_STAGES} |
      licen[cs]e-{_LICENCES}(?:[-.\d][\w.-]*)? | binder-?logo(?:-[\w.]+)* |
      (?:powered|made|built)-(?:by|with)-{_TOOLS} | ogl-symbol(?:-[\w.]+)* |
      (?:deploy|run|open|view|launch)[a-z-]*button""",
    re.VERBOSE,
)
# Drawings end in this; a photograph of a name badge does not.
_DRAWN_BADGE = re.compile(r"(?:[\w.-]*[-.])?badges?")
_PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".heic"})
# A badge of test coverage is kept under this name, and so is many a map.
_DOUBTFUL = frozenset({"coverage", "coverage-flat"})
_OF_TESTS = frozenset(
    {"badge", "branch", "code", "codecov", "cov", "coverage", "python", "report", "status", "test"}
    | {"tests", "percent"}
)

# Pictures further down illustrate a detail, not the project.
_LOOKED_AT = 12
_MIN_WIDTH = 240
_PASTED_WIDTH = 600
# Whole words, in the plural too: "coverage", "discover" and "flagged" hold shorter ones.
_DECORATION_WORDS = """
    logo logotype icon avatar badge banner header footer sticker hex hexagon hexlogo hexsticker
    favicon brand branding sponsor emoji button shield mascot cover portrait photo photograph
    headshot signature crest flag divider separator spacer arrow starhistory contrib contributor
    poweredby funded funder funding partner licence license qr qrcode youtube slack twitter discord
    linkedin wordmark title gravatar selfie
"""
_DECORATION = frozenset(_DECORATION_WORDS.split())
_DECORATION_NAMES = re.compile(
    r"star[-_ ]?history|\bcc-by\b|\bnhs[-_]?(?:england|x|r)?\.(?:png|svg|jpe?g)", re.IGNORECASE
)
_SHOWING_WORDS = """
    screen screencap screencast screengrab screenshot shot demo demonstration plot chart graph
    graphic graphical figure fig diagram example overview architecture architectural preview ui app
    flow flowchart dashboard map mapping output result network model structure pipeline visual
    visualisation visualization visualise visualize animation animated pathway process schema
    schematic scheme table report heatmap spc funnel usage workflow simulation simulated
    simulator framework timeline design interface landing homepage layout
    infographic histogram choropleth treemap
"""
_SHOWING = frozenset(_SHOWING_WORDS.split())
# Kinds of pictures that are written in one word with what they show: barplot, dataflow, forestplot.
_SHOWING_COMPOUND = re.compile(r"\w+(?:plot|chart|diagram|dashboard|heatmap|screenshot|workflow)s?")
_SHOWING_NAMES = re.compile(
    r"home-?page|image\d*\.(?:png|gif)|unnamed-chunk|readme[_-]files", re.IGNORECASE
)
# The words of a name such as `bedOccupancy_plot2.png`.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\u00df-\u00ff]+")
_PHOTOGRAPHS_OF_PEOPLE = ("avatars.githubusercontent.com", "gravatar.com", "/avatars/")


def place_images(root: Element, source: ReadmeSource) -> LeadImage | None:
    """Give images and their alternatives full addresses and a size; take badges out.

    Returns:
        The first image that shows the project: a screenshot, a plot or a diagram; or None.
    """
    kept, around = [], []
    for image in root.find_all("img"):
        attributes = attributes_of(image)
        written, alt = attributes.get("src", ""), attributes.get("alt", "")
        address = resolve_image(written, source)
        if address is None and written.startswith("http://") and not is_badge(written, alt):
            image.replace_with(_link_to(image, written, alt))
        elif address is None or is_badge(written, alt):
            around.append(image.parent)
            image.decompose()
        else:
            attributes |= {"src": address, "loading": "lazy", "decoding": "async"}
            # Its host need not know which page was read.
            attributes |= {"referrerpolicy": "no-referrer", "alt": alt.strip()}
            write_attributes(image, _sized(attributes))
            kept.append(image)
    for node in around:
        _remove_hollow(node)
    for element in root.select("[srcset]"):
        # None, as an empty one, is dropped by the sanitiser.
        element.attrs["srcset"] = resolve_srcset(element.attr("srcset") or "", source)
    for image in kept:
        _name_link(image)
    return _lead_image(kept)


def _link_to(image: Element, address: str, alt: str) -> Element | Text:
    """Give a link to an image that pages cannot load, named by its alternative or its file."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    words = Text(alt.strip() or unquote(basename(path)) or address)
    return words if image.closest("a") else Element("a", {"href": address}, [words])


def _sized(attributes: Mapping[str, str]) -> dict[str, str]:
    """Keep sizes in pixels; show a width in per cent through a class, to the nearest ten."""
    sized: dict[str, str] = {}
    for name, written in attributes.items():
        percent = _PERCENT.match(written) if name == "width" else None
        nearest = round(int(percent[1]) / 10) * 10 if percent else 0
        if name not in {"width", "height"}:
            sized[name] = written
        elif pixels := _PIXELS.match(written):
            sized[name] = pixels[1]
        elif 0 < nearest < 100:
            sized["class"] = f"width-{nearest}"
    return sized


def _remove_hollow(node: Node | None) -> None:
    """Remove the links, paragraphs and emphasis that held nothing but images which are gone."""
    while isinstance(node, Element) and node.tag in _WRAPPING and node.parent:
        if node.select_one(_NOT_HOLLOW) or not _ONLY_SEPARATORS.fullmatch(node.text):
            return
        hollow, node = node, node.parent
        hollow.decompose()


def _name_link(image: Element) -> None:
    """Name the link of an image that holds nothing but images without an alternative."""
    link = image.closest("a") if not image.attrs["alt"] else None
    if link and not link.text.strip() and not any(one.attr("alt") for one in link.find_all("img")):
        leads_to = re.split("[?#]", link.attr("href") or "", maxsplit=1)[0].rstrip("/")
        link.attrs["aria-label"] = unquote(basename(leads_to)) or "Link"


def is_badge(url: str, alt: str = "") -> bool:
    """Tell whether an image only repeats a fact or counts visitors.

    Only its host and its file's own name tell: a repository, an owner or a folder may be called
    after badges and hold any picture.

    Args:
        url: The address of the image, complete or relative.
        alt: Its alternative text, which decides where the name alone does not.
    """
    host, path = "", re.split("[?#]", url, maxsplit=1)[0]
    if "//" in url:
        host = url.split("/", 3)[2].rpartition("@")[2].partition(":")[0].lower()
    return _serves_badges(host, path) or _is_named_badge(host, unquote(basename(path)), alt)


def _is_named_badge(host: str, file: str, alt: str) -> bool:
    stem, ending = splitext(file.lower())
    name = stem.replace("_", "-").replace(" ", "-")
    words = re.findall(r"[^\W\d_]+", alt.lower())
    if name in _DOUBTFUL and ending == ".svg":
        return _OF_TESTS.issuperset(words)
    if re.fullmatch(_STAGES, name, re.VERBOSE) and ending == ".svg":
        return {"status", "lifecycle", "stage", "badge", name}.issuperset(words)
    if name == "button":  # ours to press: "deploy this" on somebody's server
        return host != "" and not host.endswith(("github.com", "githubusercontent.com"))
    if ending in _PHOTOGRAPHS:
        return False
    is_drawn = ending == ".svg" and _DRAWN_BADGE.fullmatch(name) is not None
    return is_drawn or _NAMES.fullmatch(name) is not None


def _serves_badges(host: str, path: str) -> bool:
    labels = host.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels) - 1)]
    return (
        (labels[0] in {"badge", "badges"} and len(labels) > 2)
        or ("gitlab" in labels and _GITLAB.search(path) is not None)
        or any(name in _HOSTS for name in names)
        or any(name in _SERVICES and _SERVICES[name].search(path) for name in names)
    )


def _lead_image(images: Sequence[Element]) -> LeadImage | None:
    for image in images[:_LOOKED_AT]:
        attributes = attributes_of(image)
        if not _is_large_enough(attributes) or image.closest("table,details"):
            continue
        url, alt = attributes["src"], attributes["alt"]
        if _shows_the_project(url, alt) or _is_pasted_screenshot(attributes):
            return LeadImage(url, alt)
    return None


def _shows_the_project(url: str, alt: str) -> bool:
    words = f"{unquote(basename(url.partition('?')[0]))} {alt}"
    decorates = _DECORATION_NAMES.search(words) or _DECORATION & _words(words)
    if decorates or any(place in url for place in _PHOTOGRAPHS_OF_PEOPLE):
        return False
    folder = unquote(url.rpartition("/")[0].partition("/raw/")[2]).rpartition("/")[2]
    words = f"{words} {folder}"
    found = _words(words)
    return (
        not _SHOWING.isdisjoint(found)
        or any(map(_SHOWING_COMPOUND.fullmatch, found))
        or _SHOWING_NAMES.search(words) is not None
    )


def _words(text: str) -> set[str]:
    """Give the words of a text in small letters, plurals as singulars too."""
    found = {word.lower() for word in _WORD.findall(text)}
    return found | {word.removesuffix("s") for word in found if len(word) > 3}


def _is_pasted_screenshot(attributes: Mapping[str, str]) -> bool:
    """Recognise what GitHub's editor writes when a large picture is pasted into it."""
    url, width = attributes.get("src", ""), attributes.get("width", "")
    is_upload = "user-images.githubusercontent.com/" in url or "/assets/" in url
    is_named_so = attributes.get("alt", "").lower() == "image"
    return is_upload and is_named_so and width.isdecimal() and int(width) >= _PASTED_WIDTH


def _is_large_enough(attributes: Mapping[str, str]) -> bool:
    """Tell whether an image is shown large; one without a size is."""
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if attributes.get("class") in {"width-10", "width-20", "width-30"}:
        return False
    return (not width.isdecimal() or int(width) >= _MIN_WIDTH) and (
        not height.isdecimal() or int(height) >= _MIN_WIDTH // 2
    )


def undo_github(root: Element) -> None:
    """Take out of HTML that GitHub made what is only for its own pages.

    Its pictures come from a server that hides where they are from, badges too; each of its headings
    holds a link without words.
    """
    for image in root.select("img[data-canonical-src]"):
        image.attrs["src"] = image.attr("data-canonical-src") or ""
    for link in root.select("a[href^='#']"):
        if not link.text.strip() and link.find() is None:
            link.decompose()
