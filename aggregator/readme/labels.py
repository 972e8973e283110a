"""The words that a rendering adds to those of its author: labels, notes, reasons.

Each stands here once, in English. Pages may speak another language: what that says instead
(`said_in`) goes with each README to its worker, where nobody reads files of messages, and is part
of what a rendering is remembered under.
"""

from collections.abc import Mapping

from aggregator.words.speech import Speech, later

READ_IT = later("Read it on GitHub")
ONE_BLOCK = later("This README is one large block.")
AS_TEXT = later("This README is shown as plain text: %(reason)s.")
NOT_SHOWN = later("This README cannot be shown: %(reason)s.")
READ_IN_PART = later("Of %(kind)s only titles, paragraphs and links are shown as such here.")
NOT_READ = later(
    "%(count)s of the characters of this README could not be read, shown here as \ufffd."
)
ONLY_THE_FIRST = later("Only the first %(size)s kB of this README are shown.")

# Why a README is shown as plain text or not at all, as the end of a sentence.
TOO_SLOW = later("rendering it took longer than 5 seconds")
TOO_GREEDY = later("rendering it needed too much memory")
WORKER_ENDED = later("rendering it failed (its worker ended)")
TOO_LARGE = later("its page would be too large to load")
TOO_DEEP = later("its markup is nested too deeply")
TOO_LONG_LINES = later("it has lines too long to be read")
UNDISPLAYABLE = later("it holds characters that cannot be displayed")
WRITTEN_IN = later("it is written in %(kind)s")
NO_JSON = later("its notebook is not valid JSON")
NO_CELLS = later("its notebook has no cells")
NO_TEXT = later("it holds no text")
ANOTHER_KIND = later("it is a file of another kind (%(kind)s) and holds no text")

# What GitHub draws of a code fence and this site, which runs no scripts for it, shows as source.
SOURCES: Mapping[str, str] = {
    "mermaid": later("Diagram, as Mermaid source"),
    "math": later("Formula, as LaTeX source"),
    "geojson": later("Map, as GeoJSON source"),
    "topojson": later("Map, as TopoJSON source"),
    "stl": later("3D model, as STL source"),
}
DIAGRAM = later("Diagram")
ALERTS: Mapping[str, str] = {
    "note": later("Note"),
    "tip": later("Tip"),
    "important": later("Important"),
    "warning": later("Warning"),
    "caution": later("Caution"),
}
# Titles of docutils beside those, by the English words that it writes.
ADMONITIONS: Mapping[str, str] = {
    "Attention!": later("Attention!"),
    "Caution!": later("Caution!"),
    "!DANGER!": later("!DANGER!"),
    "Error": later("Error"),
    "Hint": later("Hint"),
    **{message: message for message in ALERTS.values()},
}
VERSIONS: Mapping[str, str] = {
    "versionadded": later("Added in version %(version)s"),
    "versionchanged": later("Changed in version %(version)s"),
    "deprecated": later("Deprecated since version %(version)s"),
    "deprecated-removed": later("Deprecated, removed in version %(version)s"),
    "versionremoved": later("Removed in version %(version)s"),
}
TITLES: Mapping[str, str] = {"seealso": later("See also"), "todo": later("To do")}
FILMS: Mapping[str, str] = {"Video": later("Video: %(name)s"), "Audio": later("Audio: %(name)s")}
LINK = later("Link")
OUTPUT = later("Output")
TABLE = later("Table %(number)s")
DONE = later("Done")
NOT_DONE = later("Not done")
# What a reference within a text is shown as, by the kind of its label in Quarto.
REFERENCES: Mapping[str, str] = {
    "fig": later("Figure %(number)s"),
    "tbl": TABLE,
    "eq": later("Equation %(number)s"),
    "lst": later("Listing %(number)s"),
}

_TABLES = (SOURCES, ALERTS, ADMONITIONS, VERSIONS, TITLES, FILMS, REFERENCES)
ALL = frozenset(
    {READ_IT, ONE_BLOCK, AS_TEXT, NOT_SHOWN, READ_IN_PART, NOT_READ, ONLY_THE_FIRST, TOO_SLOW}
    | {TOO_GREEDY, WORKER_ENDED, TOO_LARGE, TOO_DEEP, TOO_LONG_LINES, UNDISPLAYABLE, WRITTEN_IN}
    | {NO_JSON, NO_CELLS, NO_TEXT, ANOTHER_KIND, DIAGRAM, LINK, OUTPUT, TABLE, DONE, NOT_DONE}
).union(*(table.values() for table in _TABLES))


def said_in(speech: Speech) -> tuple[tuple[str, str], ...]:
    """Give those of all these messages that a language says in other words, with these words."""
    pairs = ((message, speech.gettext(message)) for message in sorted(ALL))
    return tuple((message, told) for message, told in pairs if told != message)
