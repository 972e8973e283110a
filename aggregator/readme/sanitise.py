"""The only gate between somebody's README and a page: what is allowed, and nothing else.

Every string of HTML this package hands out went through `sanitise` last. The lists follow GitHub's
own (html-pipeline's allowlist, and hast-util-sanitize 5, which states the same as a schema), minus
what no page needs: keyboard shortcuts, tab order, roles, server-side maps and form fields.
"""

import re

import nh3

ID_PREFIX = "user-content-"
SCHEMES = frozenset({"http", "https", "mailto", "irc", "ircs", "xmpp"})

# https://github.com/syntax-tree/hast-util-sanitize/blob/main/lib/schema.js
_TAG_NAMES = """
    a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure
    h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p picture pre q rp rt ruby s samp section
    small source span strong sub summary sup table tbody td tfoot th thead time tr ul var wbr
"""
TAGS = frozenset(_TAG_NAMES.split())
KEPT = TAGS | {"h1"}
# The words in these are code, style or another language's text: dropped with their element.
_DROPPED_NAMES = """
    script style svg math template iframe noscript noembed noframes xmp plaintext textarea
    select object applet audio video canvas title head frameset
"""
DROPPED = frozenset(_DROPPED_NAMES.split())

_CELL = frozenset({"colspan", "rowspan", "headers", "abbr", "scope"})
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "title", "lang", "dir"},
    "a": {"href", "hreflang", "aria-label"},
    "blockquote": {"cite"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "alt", "width", "height", "longdesc"},
    "input": {"checked", "aria-label"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "q": {"cite"},
    "source": {"srcset", "media", "sizes", "type", "width", "height"},
    "td": set(_CELL),
    "th": set(_CELL),
    "time": {"datetime"},
    "div": {"aria-label"},
    "section": {"aria-label"},
    "pre": {"aria-label"},
}
_FIXED_VALUES: dict[str, dict[str, set[str]]] = {
    "div": {"tabindex": {"0"}, "role": {"group", "note"}},
    "img": {"loading": {"lazy"}, "decoding": {"async"}, "referrerpolicy": {"no-referrer"}},
    "input": {"type": {"checkbox"}},
    "pre": {"tabindex": {"0"}, "role": {"group"}},
    "ol": {"type": {"1", "a", "A", "i", "I"}},
    "p": {"role": {"note"}},
}
# Whatever a README says, a checkbox cannot be changed. One attribute at most: ammonia adds several
# in an order that differs from process to process.
_FORCED: dict[str, dict[str, str]] = {"input": {"disabled": ""}}

ALIGNED = frozenset({"align-left", "align-center", "align-right"})
WIDTHS = frozenset(f"width-{percent}" for percent in range(10, 100, 10))
ALERTS = frozenset(
    {"readme-alert", *(f"readme-alert-{n}" for n in ("note", "tip", "important"))}
    | {f"readme-alert-{n}" for n in ("warning", "caution")}
)
_CLASSES: dict[str, set[str]] = {
    "div": {"readme-scroll", "readme-source", "readme-math", *ALIGNED, *ALERTS},
    "p": {"readme-alert-title", "readme-note", "readme-source-label", *ALIGNED},
    "span": {"math"},
    "code": {"math"},
    "pre": {"readme-plain"},
    "a": {"footnote-backref"},
    "sup": {"footnote-ref"},
    "section": {"footnotes"},
    "ul": {"task-list"},
    "ol": {"task-list"},
    "img": {*ALIGNED, *WIDTHS},
    **{tag: set(ALIGNED) for tag in ("td", "th", "tr", "table", "h2", "h3", "h4", "h5", "h6")},
}

# Attributes with addresses that ammonia does not check.
_FILTERED_NAMES = ("srcset", "longdesc", "cite")
_FILTERED_HINTS = tuple(f' {name}="' for name in _FILTERED_NAMES)
_SCHEME = re.compile(r"^\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED_IN_ADDRESSES = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\ufeff]")


def _only_fragments(url: str) -> str | None:
    """Let a relative address through only when it stays on the page."""
    return url if url.startswith("#") else None


def is_web_address(url: str) -> bool:
    """Tell whether an address names the web and nothing that a browser would run."""
    bare = _IGNORED_IN_ADDRESSES.sub("", url)
    match = _SCHEME.match(bare)
    return match is not None and match[1].lower() in {"http", "https"}


def _check_attribute(tag: str, name: str, value: str) -> str | None:
    """Check the addresses that ammonia does not: `srcset`, `longdesc` and `cite`."""
    del tag
    if name == "srcset":
        return value if _safe_candidates(value) else None
    if name in _FILTERED_NAMES:
        return value.strip() if is_web_address(value) else None
    return value


def _safe_candidates(srcset: str) -> bool:
    parts = [part.strip() for part in srcset.split(", ")]
    return all(is_web_address(part) and "," not in part.split(" ")[0] for part in parts)


def _cleaner(*, filtered: bool) -> nh3.Cleaner:
    """Make a sanitiser that checks the attributes which ammonia does not, or drops them.

    Calling back for every attribute costs an eighth of the time, and few READMEs need it.
    """
    unchecked = set() if filtered else set(_FILTERED_NAMES)
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes={tag: names - unchecked for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_check_attribute if filtered else None,
        tag_attribute_values=_FIXED_VALUES,
        set_tag_attribute_values=_FORCED,
        allowed_classes=_CLASSES,
        link_rel="nofollow noopener noreferrer",
        url_schemes=set(SCHEMES),
        url_relative=_only_fragments,
        id_prefix=ID_PREFIX,
    )


_PLAIN = _cleaner(filtered=False)
_FILTERED = _cleaner(filtered=True)


def sanitise(html: str) -> str:
    """Reduce HTML to what a README may contain; applying it twice changes nothing.

    Args:
        html: Any string; addresses in it should already be absolute or `#fragment`, because
            other relative ones are removed.
    """
    needs_filter = any(hint in html for hint in _FILTERED_HINTS)
    return (_FILTERED if needs_filter else _PLAIN).clean(html)
