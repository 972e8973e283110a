"""The only gate between somebody's README and a page: what is allowed, and nothing else.

Every string of HTML this package hands out went through `sanitise` last. The lists follow GitHub's
own (html-pipeline's allowlist, and hast-util-sanitize 5, which states the same as a schema), minus
what no page needs: keyboard shortcuts, tab order, roles, server-side maps and form fields.
"""

import re

import nh3

from aggregator.readme.colours import CODE_CLASSES
from aggregator.words.addresses import is_web_address

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
# Elements of MathML that present a formula, and their attributes; none loads, links or acts.
# https://www.w3.org/TR/mathml-core/
_MATHML_TABLE = """
    math: display
    semantics:
    annotation: encoding
    mrow: | msqrt: | mroot: | msub: | msup: | msubsup: | mphantom: | mtr:
    munder: accentunder | mover: accent | munderover: accent accentunder
    mi: mathvariant | mn: mathvariant | mtext: mathvariant | ms: mathvariant
    mo: accent fence form largeop lspace maxsize minsize movablelimits rspace separator stretchy
    mfrac: linethickness
    mpadded: depth height lspace voffset width | mspace: depth height width
    mstyle: displaystyle scriptlevel
    mtable: columnalign columnlines columnspacing displaystyle rowspacing | mtd: columnalign
    menclose: notation
"""
MATHML = {
    name: frozenset(attributes.split())
    for name, attributes in re.findall(r"(\w+):([ \w]*)", _MATHML_TABLE)
}

_CELL = {"colspan", "rowspan", "headers", "abbr", "scope"}
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
    "td": _CELL,
    "th": _CELL,
    "time": {"datetime"},
    "div": {"aria-label"},
    "section": {"aria-label"},
    "pre": {"aria-label"},
    **{name: set(names - {"display", "encoding"}) for name, names in MATHML.items()},
}
_FIXED_VALUES: dict[str, dict[str, set[str]]] = {
    "annotation": {"encoding": {"application/x-tex"}},
    "math": {"display": {"block", "inline"}},
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

_ALIGNED = {"align-left", "align-center", "align-right"}
_WIDTHS = {f"width-{percent}" for percent in range(10, 100, 10)}
_ALERTS = {f"readme-alert-{kind}" for kind in ("note", "tip", "important", "warning", "caution")}
# What a parser of ours gives to alerts: the values of `class` as they are written.
ALERT_CLASSES = frozenset({"readme-alert-title", *(f"readme-alert {one}" for one in _ALERTS)})
_CLASSES: dict[str, set[str]] = {
    "div": {"readme-scroll", "readme-source", "readme-formula"}
    | {"readme-alert", *_ALERTS, *_ALIGNED},
    "p": {"readme-alert-title", "readme-note", "readme-source-label", *_ALIGNED},
    "figure": {"readme-diagram", *_ALIGNED},
    "span": {"math", "math-wide", *CODE_CLASSES},
    "code": {"math", "math-display"},
    "pre": {"readme-plain"},
    "a": {"footnote-backref"},
    "sup": {"footnote-ref"},
    "section": {"footnotes"},
    "ul": {"task-list"},
    "ol": {"task-list"},
    "img": {*_ALIGNED, *_WIDTHS},
    **dict.fromkeys(("td", "th", "tr", "table", "h2", "h3", "h4", "h5", "h6"), _ALIGNED),
}

# Where the pictures stand that were drawn for a README, or that it holds: beside its page.
_OWN_PICTURE = re.compile(
    r"diagrams/[0-9a-f]{16}(?:-dark)?\.svg|pictures/[0-9a-f]{16}\.(?:png|jpg|gif|svg)"
)

# Attributes with addresses that ammonia does not check.
_FILTERED = ("srcset", "longdesc", "cite")


def _check_attribute(_tag: str, name: str, value: str) -> str | None:
    if name not in _FILTERED:
        return value
    addresses = [value.strip()]
    if name == "srcset":
        addresses = [one.strip().partition(" ")[0] for one in value.split(", ")]
    if name == "srcset" and _OWN_PICTURE.fullmatch(value):
        return value
    is_safe = all(is_web_address(one) and (name != "srcset" or "," not in one) for one in addresses)
    return value.strip() if is_safe else None


def _cleaner(*, filtered: bool) -> nh3.Cleaner:
    """Make a sanitiser that checks the attributes which ammonia does not, or drops them.

    Calling back for every attribute costs an eighth of the time, and few READMEs need it.
    """
    unchecked = set() if filtered else set(_FILTERED)
    return nh3.Cleaner(
        tags={*TAGS, *MATHML},
        clean_content_tags=set(DROPPED) - MATHML.keys(),
        attributes={tag: names - unchecked for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_check_attribute if filtered else None,
        tag_attribute_values=_FIXED_VALUES,
        set_tag_attribute_values=_FORCED,
        allowed_classes=_CLASSES,
        link_rel="nofollow noopener noreferrer",
        url_schemes=set(SCHEMES),
        # What stays on the page, or stands beside it.
        url_relative=lambda url: (
            url if url.startswith("#") or _OWN_PICTURE.fullmatch(url) else None
        ),
        id_prefix=ID_PREFIX,
    )


_CLEANER = _cleaner(filtered=False)
_FILTERING = _cleaner(filtered=True)


def sanitise(html: str) -> str:
    """Reduce HTML to what a README may contain; applying it twice changes nothing.

    Args:
        html: Any string; addresses in it should already be absolute or `#fragment`, because
            other relative ones are removed.
    """
    needs_filter = any(f' {name}="' in html for name in _FILTERED)
    return (_FILTERING if needs_filter else _CLEANER).clean(html)
