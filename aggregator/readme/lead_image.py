"""The image of a README that shows the project: a screenshot, a plot or a diagram, or none.

What an image shows is told by whole words of its file's name, its alternative and its folders, by
how large it is drawn and by what stands around it. A logo, a portrait or a sponsor's sign shows
nothing of what a project does. Where no name tells, a large file of the repository's own that
stands below words about the project illustrates them.
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import basename, splitext
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from turbohtml import Element

from aggregator.readme.markup import HEADINGS, attributes_of
from aggregator.readme.readme import LeadImage, ReadmeSource

# Pictures further down illustrate a detail, not the project; those that no name explains, sooner.
_LOOKED_AT = 12
_UNEXPLAINED_LOOKED_AT = 5
_MIN_WIDTH = 240
_MIN_WIDTH_OF_A_SCREEN = 150  # of a telephone, several side by side
_PASTED_WIDTH = 600
_LEAST_WORDS = 25  # characters that are words about the project
# Whole words, in the plural too: "coverage", "discover" and "flagged" hold shorter ones.
_SIGN_WORDS = """
    logo logos logotype avatar badge banner sticker hex hexagon hexlogo hexsticker favicon brand
    branding sponsor sponsored shield mascot headshot crest divider separator spacer starhistory
    poweredby qr qrcode wordmark gravatar selfie supporter backer placeholder
"""
_SIGNS = frozenset(_SIGN_WORDS.split())
# What may be seen on a screen as well: "screenshot of the header" shows a project.
_DECORATION_WORDS = """
    icon header footer emoji button cover portrait signature flag arrow contrib
    contributor funded funder funding partner licence license youtube slack twitter discord linkedin
    title
"""
_DECORATION = frozenset(_DECORATION_WORDS.split())
# A photograph may be of a screen, called so by a telephone; of people, it shows nothing.
_PHOTOGRAPHS = frozenset({"photo", "photograph"})
_STEPS = frozenset({"download", "install", "installation", "installer", "release", "clone", "fork"})
_BESIDE = frozenset({"left", "right"})
_PEOPLE_WORDS = """
    profile team staff author me my us face group people person crew speaker portrait headshot
"""
_PEOPLE = frozenset(_PEOPLE_WORDS.split())
_OF_SOMEBODY = re.compile(r"\b[Pp]hoto(?:graph)? of (?:the )?(?:Drs?\b|Prof|[A-Z]\w+ [A-Z]\w)")
_JPEG = re.compile(r"\.jpe?g\Z", re.IGNORECASE)
_DECORATION_NAMES = re.compile(
    r"\b(?:file|folder|directory|repo(?:sitory)?|project)[-_ ]?(?:structure|tree)\b|"
    r"\Ascreenshot\.png product name screen shot|\A(?:README-)?pressure-1\b|"  # of templates
    r"star[-_ ]?history|\bcran[-_](?:usage|downloads|status)|\w+_usage\.svg|\bcc-by\b|"
    r"\bnhs[-_]?(?:england|x|r)?\.(?:png|svg|jpe?g)|"
    r"\b(?:maintained|supported|powered|funded|developed|built|made|sponsored)[-_ ](?:by|with)\b",
    re.IGNORECASE,
)
_CERTAIN_WORDS = """
    screenshot screencap screencast screengrab plot chart graph diagram flowchart dashboard heatmap
    histogram choropleth treemap infographic asciicast
"""
_CERTAIN = frozenset(_CERTAIN_WORDS.split())
_SHOWING_WORDS = """
    screen shot demo demonstration graphic graphical figure fig example overview architecture
    architectural preview ui app flow map mapping output result network model structure pipeline
    visual visualisation visualization visualise visualize animation animated pathway process schema
    schematic scheme table report spc funnel usage workflow simulation simulated simulator framework
    timeline design interface landing homepage layout gui wireframe mockup outline walkthrough
    gameplay roadmap thumbnail
"""
_SHOWING = _CERTAIN | frozenset(_SHOWING_WORDS.split())
# Folders that hold nothing but pictures of one kind; others may hold the code of an app or a model.
_SHOWING_FOLDERS = _CERTAIN | {"screen", "figure", "demo", "preview", "example"}
# Kinds of pictures that are written in one word with what they show: barplot, dataflow, forestplot.
_SHOWING_COMPOUND = re.compile(r"\w+(?:plot|chart|diagram|dashboard|heatmap|screenshot|workflow)s?")
_SHOWING_NAMES = re.compile(
    r"home-?page|image\d*\.(?:png|gif)|unnamed-chunk|readme[_-]files", re.IGNORECASE
)
# The words of a name such as `bedOccupancy_plot2.png`.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\u00df-\u00ff]+")
_OF_NO_PROJECT = ("avatars.githubusercontent.com", "gravatar.com", "/avatars/")
_BADGES = re.compile(r"https?://(?!github\.com/|raw\.)[^/]+/(?:[^?]*/)?badges?/")
_UPLOADS = re.compile(
    r"https://(?:user-images\.githubusercontent\.com/|"
    r"[\w.-]+/(?:user-attachments|[^/?]+/[^/?]+)/assets/\d*)"
)
_RAW_HOSTS = frozenset({"raw.githubusercontent.com", "raw.github.com"})
# Sections whose pictures are of people and bodies; and those where they show how to begin.
_OF_OTHERS = re.compile(
    r"\b(?:acknowledge?ments?|fund\w*|sponsor\w*|backers?|support(?:ers|ed by)?|partners?|authors?|"
    r"contributors?|maintain\w*|team|people|credits?|thanks|stargazers|star history|affiliat\w*|"
    r"licen[cs]\w*|contact|community)\b",
    re.IGNORECASE,
)
_OF_BEGINNINGS = re.compile(
    r"\b(?:install\w*|set-? ?up|prerequisites?|requirements?|contribut\w*|deploy\w*|configur\w*|"
    r"render(?:ing)?|settings?|publish\w*|develop\w*|cit(?:e|ing|ation)|getting started|clone|"
    r"troubleshooting|faq)\b",
    re.IGNORECASE,
)


class _Seen(NamedTuple):
    """An image, the heading above it, and whether words stand before it."""

    image: Element
    heading: str
    words_before: bool


def find_lead_image(root: Element, source: ReadmeSource) -> LeadImage | None:
    """Give the image nearest the top that shows the project; one whose name says so goes first.

    Args:
        root: The README, its images placed and its badges removed.
        source: Where it stands.
    """
    unexplained: LeadImage | None = None
    for place, seen in enumerate(_images(root)):
        if place >= _LOOKED_AT:
            break
        attributes = attributes_of(seen.image)
        url, alt = attributes.get("src", ""), attributes.get("alt", "")
        if seen.image.closest("table,details") or _OF_OTHERS.search(seen.heading):
            continue
        if _is_of_another(url, source):
            continue
        is_pasted = _is_pasted_screenshot(attributes) and not seen.image.closest("ol")
        if is_pasted or _shows_the_project(url, alt, attributes):
            return LeadImage(url, alt)
        if unexplained is None and place < _UNEXPLAINED_LOOKED_AT and _illustrates(seen, source):
            unexplained = LeadImage(url, alt)
    return unexplained


def _images(root: Element) -> Iterator[_Seen]:
    heading, words_before, is_title = "", False, True
    for node in root.select(f"p,img,{HEADINGS}"):
        if node.tag == "img":
            yield _Seen(node, heading, words_before)
        elif node.tag == "p":
            words_before = words_before or len(node.text.strip()) >= _LEAST_WORDS
        else:  # a title names no section: "Decision support tool"
            heading = "" if is_title else " ".join(node.text.split())
            is_title = False


def _is_of_another(url: str, source: ReadmeSource) -> bool:
    """Tell whether an image is a file of somebody else's repository, which shows that one.

    One of the same name is this repository before it moved, or what it was forked from.
    """
    host, path = _host_and_path(url)
    owner, name, *_ = [*path.lower().strip("/").split("/"), "", ""]
    is_a_file = host in {*_RAW_HOSTS, "github.com"} and not _UPLOADS.match(url)
    own_owner, _, own_name = source.repository.lower().partition("/")
    return is_a_file and name != "" and owner != own_owner and name != own_name


def _host_and_path(url: str) -> tuple[str, str]:
    """Split an address; one that nobody can read has neither."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.netloc, parts.path


def _shows_the_project(url: str, alt: str, attributes: Mapping[str, str]) -> bool:
    """Tell whether whole words say that an image shows what the project does."""
    if _is_decoration(url, alt):
        return False
    file = unquote(basename(url.partition("?")[0]))
    folders = _folders(url)
    found = _words(f"{file} {alt}") | (_words(folders[-1]) if folders else set())
    is_a_screen = not _words(file).isdisjoint({"screen", "screenshot", "demo"})
    if not _is_large_enough(attributes, _MIN_WIDTH_OF_A_SCREEN if is_a_screen else _MIN_WIDTH):
        return False
    return (
        not _SHOWING.isdisjoint(found)
        or not _SHOWING_FOLDERS.isdisjoint(_words(" ".join(folders)))
        or any(map(_SHOWING_COMPOUND.fullmatch, found))
        or _SHOWING_NAMES.search(f"{file} {alt} {' '.join(folders)}") is not None
    )


def _is_decoration(url: str, alt: str) -> bool:
    file = unquote(basename(url.partition("?")[0]))
    # An alternative may be left over from the image before: the file's own name says more.
    named = file if _words(splitext(file)[0]) & (_CERTAIN | {"screen"}) else f"{file} {alt}"
    found = _words(named)
    if any(place in url for place in _OF_NO_PROJECT) or _DECORATION_NAMES.search(named):
        return True
    if _BADGES.match(url) or not _SIGNS.isdisjoint(found | _words(" ".join(_folders(url)))):
        return True
    if not _PHOTOGRAPHS.isdisjoint(found) and _is_of_people(file, alt, found):
        return True
    return not _DECORATION.isdisjoint(found) and _CERTAIN.isdisjoint(found)


def _is_of_people(file: str, alt: str, found: set[str]) -> bool:
    """Tell whether a photograph is of people: screens are rarely kept as JPEG without a word."""
    is_named_so = not _PEOPLE.isdisjoint(found) or _OF_SOMEBODY.search(alt) is not None
    return is_named_so or (_JPEG.search(file) is not None and _SHOWING.isdisjoint(found))


def _illustrates(seen: _Seen, source: ReadmeSource) -> bool:
    """Tell whether an image that no name explains illustrates the words before it."""
    attributes = attributes_of(seen.image)
    url, alt = attributes.get("src", ""), attributes.get("alt", "")
    is_own = url.startswith((f"{source.home}/raw/", *_raw_homes(source)))
    if not seen.words_before or not (is_own or _UPLOADS.match(url)) or seen.image.closest("ol"):
        return False  # in a numbered list it belongs to a step on the way
    if _is_decoration(url, alt) or not _is_large_enough(attributes, _MIN_WIDTH):
        return False
    # Beside the text stands a sign, and a step on the way to the project shows another's page.
    if attributes.get("align") in _BESIDE or not _STEPS.isdisjoint(
        _words(f"{basename(url)} {alt}")
    ):
        return False
    # Called after the project or its owner it is their sign; with a link it is somebody else's.
    owner, _, name = source.repository.lower().partition("/")
    stem, ending = splitext(basename(_host_and_path(url)[1]).lower())
    is_sign = _bare(stem) in {_bare(owner), _bare(name)} or _bare(alt) in {
        _bare(owner),
        _bare(name),
    }
    link = seen.image.closest("a")
    leads_away = link is not None and is_own and not _leads_to_a_picture(link, url)
    # Small drawings say which languages or licences there are.
    return ending != ".svg" and not (is_sign or leads_away or _OF_BEGINNINGS.search(seen.heading))


def _leads_to_a_picture(link: Element, url: str) -> bool:
    return basename(url.partition("?")[0]) in (link.attr("href") or "")


def _raw_homes(source: ReadmeSource) -> tuple[str, ...]:
    return tuple(f"https://{host}/{source.repository}/" for host in sorted(_RAW_HOSTS))


def _folders(url: str) -> list[str]:
    """Give the folders of a file of a repository, from the top; of other addresses none."""
    host, path = _host_and_path(url)
    steps = [unquote(step) for step in path.split("/")[1:-1]]
    if host in _RAW_HOSTS:
        return steps[3:]
    # owner / name / raw / commit / ...
    return steps[4:] if len(steps) > 3 and steps[2] in {"raw", "blob"} else []


def _words(text: str) -> set[str]:
    """Give the words of a text in small letters, plurals as singulars too."""
    found = {word.lower() for word in _WORD.findall(text)}
    return found | {word.removesuffix("s") for word in found if len(word) > 3}


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower() or "-"


def _is_pasted_screenshot(attributes: Mapping[str, str]) -> bool:
    """Recognise what GitHub's editor writes when a large picture is pasted into it."""
    url, width = attributes.get("src", ""), attributes.get("width", "")
    is_named_so = attributes.get("alt", "").lower() == "image"
    is_large = width.isdecimal() and int(width) >= _PASTED_WIDTH
    return _UPLOADS.match(url) is not None and is_named_so and is_large


def _is_large_enough(attributes: Mapping[str, str], least: int) -> bool:
    """Tell whether an image is shown large; one without a size is."""
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if attributes.get("class") in {"width-10", "width-20", "width-30"}:
        return False
    return (not width.isdecimal() or int(width) >= least) and (
        not height.isdecimal() or int(height) >= _MIN_WIDTH // 2
    )
