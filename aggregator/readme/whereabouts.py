"""Where in a README a paragraph stands: what the headings above it say, and what came before.

The same words say what a project is under its title, and what its data are under "Data".
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from aggregator.readme.definitions import (
    DEFINING,
    Stand,
    after_name,
    is_definition,
    says_only_a_name,
)
from aggregator.readme.ornaments import without_ornaments
from aggregator.readme.passages import describes
from aggregator.readme.prose import Prose
from aggregator.readme.subjects import bare, ends_with_a_thing, speaks_of_itself

# No paragraph is read further than this. A definition shows in the first words; the patterns are
# slow on long texts.
READ = 600
# A title, and a heading that says the same or names the section; the next is of a part.
_MOST_TITLES = 2
# A title that says more than the name is taken where no paragraph says what the project is.
OF_A_TITLE = 50  # the least that is sure to say what the project is
_OF_ANOTHER_TITLE = 57  # which begins with another word than the name of the repository
_OF_A_SUBTITLE = 30
OF_A_KIND = 16  # of a title that is as long as a line
_OF_A_SUBJECT = 45  # of one that says what of: more than most sentences that define nothing
_LONGEST_HEADING = 5  # words
LONGEST_NAME = 40  # characters
_MIN_SUBTITLE = 5  # words
_LEAST_OF_A_NAME = 5  # letters
_LEAST_OF_A_PAPER = 8  # words, as the titles of papers have
LONG_WORD = 5  # letters, which no preposition has
_OTHER_HEADINGS = Prose("other headings", form=r"\b{}\b")
_INTRODUCTIONS = Prose("introductions", form=r"\b{}\b")
_BACKGROUNDS = Prose("backgrounds", form=r"\b{}\b")
# Sections that speak of the project and never of what it does.
_OF_RULES = re.compile(
    r"\b(?:licen|copyright|install|contribut|cit(?:e|ation|ing)\b|acknowledg|credit|contact|support|"
    r"require|prerequisite|deploy|test|sponsor|fund|status|news|disclaimer|warning|security|note|"
    r"structure|organi[sz]ation|layout)",
    re.IGNORECASE,
)
_ORNAMENTS = re.compile(r"[^\w.,!?)\]\"'\u2019\u201d\u00bb%]+\Z")
_WARNS = re.compile(r"(?:note|warning|caution|important|disclaimer)\b", re.IGNORECASE)
# "2. Installation"
_NUMBER = re.compile(r"\A[\W\d_]+")
_OF_CONTENTS = re.compile(r"(?:table of )?contents|toc", re.IGNORECASE)
_OF_WHAT = re.compile(r" (?:of|for|in|from|with|about|using) \w")
_OF_DATA = re.compile(
    r"\b(?:data|data ?sets?|daten|datens\u00e4tze?|donn\u00e9es|datos|dados)\b", re.IGNORECASE
)
_OF_THE_DATA = re.compile(
    r"(?:this|the|these|our) (?:[\w-]+ ){0,4}?data(?: ?sets?)?"
    r" (?:is|are|was|were|has|have|of|for|from|used|[a-z]+(?<![suiy'])s|contain|include|come)\b",
    re.IGNORECASE,
)
_DATA_SET = re.compile(r"datasets?|data\Z|daten|donn[e\u00e9]es|corpus|database|datos|dados")
_BODIES = re.compile(r"\b(?:Universit|Institut|Hospital|College|Department|Cent(?:re|er)\b)")
_ABOUT_WHAT = re.compile(r"about (?:the )?(?!this|our|us|me)(.{3,40})\Z", re.IGNORECASE)
_A_KIND = re.compile(
    r"\b(?:projects?|repo(?:sitory)?|packages?|tools?|apps?|frameworks?|library|software|"
    r"data ?sets?|stud(?:y|ies)|courses?|workshops?|the|this|authors?|team)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\A(?:(?:about|introducing|what is|why|welcome to|the)\s)*", re.IGNORECASE)


class Candidate(NamedTuple):
    """A text that may stand on a card, how well it would do, and whether it says for sure."""

    text: str
    score: int
    is_sure: bool = True


class Whereabouts:
    """Where in a README a paragraph stands: the heading above it and what came before.

    Attributes:
        names: What the project is called: its repository's name, and the first heading.
        is_at_tagline: Whether the heading just passed is a sentence below the title.
        awaits_words: Whether nothing but a heading stands above.
        is_elsewhere: Whether this section is about installing, citing and the like.
        introduces: Whether this section, or its place at the top, says what the project is.
        words_seen: Whether a paragraph with words of its own came before.
    """

    def __init__(self, name: str) -> None:
        self._headings_seen = 0
        self.names = [name]
        self.is_at_tagline = self.is_elsewhere = self.words_seen = False
        self.introduces = True
        self.awaits_words = True
        self._is_background = self._is_of_rules = self._is_of_data = self._is_of_contents = False
        self._above = (True, False, False, False)

    @property
    def has_title(self) -> bool:
        """Tell whether a heading, or words of its own, came before."""
        return self._headings_seen > 0 or self.words_seen

    def enter(self, heading: str) -> Iterator[Candidate]:
        """Pass a heading; the first is the title, and may say what the project is."""
        self._headings_seen += 1
        heading = without_ornaments(heading[:READ])
        if self._headings_seen == 1 and not _is_of_rules_alone(heading):
            said = after_name(heading, self.names) or ""
            points = OF_A_TITLE
            if not said:
                own = heading.partition(" ")[0].rstrip(":")
                said, points = after_name(heading, [own]) or "", _OF_ANOTHER_TITLE
            self.names.append(heading[: -len(said)].rstrip(" :-\u2013\u2014") if said else heading)
            if describes(said):
                yield Candidate(said, points)
            elif describes(heading := _ORNAMENTS.sub("", heading)) and (
                points := self._points_of_title(heading)
            ):
                yield Candidate(heading, points, is_sure=points >= DEFINING)
            return
        if len(heading.split()) > _LONGEST_HEADING and _WARNS.match(heading):
            return  # "Note: this is not ready yet", below a heading that goes on
        is_subtitle = self._headings_seen == 2 and not self.words_seen and _is_subtitle(heading)
        if is_subtitle:
            yield Candidate(heading, _OF_A_SUBTITLE, is_sure=False)
        is_sentence = len(heading.split()) >= 8 and is_definition(heading)
        is_tagline = is_sentence or bool(after_name(heading, self.names))
        self.is_at_tagline = self._headings_seen == 2 and is_tagline
        introduces, is_other, self._is_background = kinds_of(heading)
        if not introduces and len(heading) < LONGEST_NAME:
            introduces = says_only_a_name(_ABOUT.sub("", heading), self.names)
        if introduces and self._is_about_another(heading):
            introduces, is_other = False, True
        self.is_elsewhere = is_other and not (introduces or is_subtitle)
        self._is_of_contents = _OF_CONTENTS.fullmatch(heading) is not None
        self._is_of_rules = _OF_RULES.search(heading) is not None
        is_of_a_part = self._headings_seen > _MOST_TITLES and not _is_subtitle(heading)
        self.introduces = introduces or not (self.words_seen or is_of_a_part)
        self._is_of_data = _OF_DATA.search(heading) is not None
        self._above = self._state()

    def _is_about_another(self, heading: str) -> bool:
        """Recognise "About the Example framework", which says nothing of this project."""
        match = _ABOUT_WHAT.match(heading)
        named = bare(_A_KIND.sub("", match[1])) if match else ""
        if len(named) < _LEAST_OF_A_NAME:
            return False
        return not any(
            named in own[: 2 * len(named)] or own in named for own in map(bare, self.names)
        )

    def pass_line(self, line: str, *, is_bold: bool) -> bool:
        """Pass a line alone that may be a heading: "**Licence**", "Support"; tell if it is one.

        Args:
            line: A paragraph shorter than `LONGEST_NAME`.
            is_bold: Whether it is in bold letters from end to end.
        """
        line = line.rstrip(" :") if is_bold else line
        if not (is_bold or line.isalpha()) or _WARNS.match(line):
            return False
        introduces, is_other, is_background = kinds_of(line)
        if is_bold:
            self.introduces, self.is_elsewhere, self._is_of_rules, self._is_background = self._above
        if self.is_elsewhere or not (introduces or is_other or is_background):
            return False
        self.introduces |= introduces and self._headings_seen < _MOST_TITLES
        self.is_elsewhere = is_other and not introduces
        self._is_of_contents = _OF_CONTENTS.fullmatch(line) is not None
        self._is_of_rules = _OF_RULES.search(line) is not None
        self._is_background = is_background
        return True

    def pass_list(self) -> None:
        """Pass a list; below the table of contents what stood above it goes on."""
        if self._is_of_contents:
            self.is_elsewhere = self._is_of_contents = False
            self.introduces = not self.words_seen

    def _state(self) -> tuple[bool, bool, bool, bool]:
        return self.introduces, self.is_elsewhere, self._is_of_rules, self._is_background

    def _points_of_title(self, heading: str) -> int:
        """Say how well a title that is no name says what the project is."""
        if speaks_of_itself(heading):
            return DEFINING
        words = heading.lower().split()
        known = sum(len(word) for word in words if bare(word) in bare(self.names[0]))
        if 3 * known >= 2 * len("".join(words)) or len(words) < _MIN_SUBTITLE:
            return 0  # the project is called so already
        if any(kinds_of(heading)) or heading.endswith("?") or words[0] in {"welcome", "readme"}:
            return 0
        is_of_a_subject = _OF_WHAT.search(heading) is not None or ends_with_a_thing(heading)
        if is_of_a_subject or is_definition(heading):
            return _OF_A_SUBJECT
        return OF_A_KIND if len(words) >= _LEAST_OF_A_PAPER else 0

    def may_speak(self, text: str) -> bool:
        """Tell whether a paragraph of this section may be about the project at all."""
        if self._is_of_data and _OF_THE_DATA.match(text) and not self._is_of_a_data_set():
            return False
        if not self.is_elsewhere:
            return True
        return speaks_of_itself(text) and not self._is_of_rules

    def _is_of_a_data_set(self) -> bool:
        return any(_DATA_SET.search(bare(name)) for name in self.names)

    def stand(self, *, is_quoted: bool) -> Stand:
        """Say where a paragraph stands."""
        opens = self.introduces and not self.words_seen
        return Stand(self.introduces, opens, is_quoted=is_quoted, is_background=self._is_background)


def _is_subtitle(heading: str) -> bool:
    """Tell whether the heading below the title is a line on the project, and not a name."""
    words = heading.split()
    is_whole = len(words) >= _MIN_SUBTITLE and heading[0].isupper() and heading[-1] != "?"
    is_told = any(len(word) >= LONG_WORD and word.islower() for word in words)
    # "Cases, deaths and tests by age and sex" is of no section on tests.
    is_of_a_section = len(words) < _LEAST_OF_A_PAPER and any(kinds_of(heading))
    is_of_bodies = len(_BODIES.findall(heading)) > 1
    return is_whole and is_told and not (is_of_a_section or is_of_bodies) and describes(heading)


def _is_of_rules_alone(heading: str) -> bool:
    """Tell whether the first heading is no title: "1. Installation"."""
    word = _NUMBER.sub("", heading).lower()
    return _OF_RULES.match(word) is not None and _OTHER_HEADINGS.regex.fullmatch(word) is not None


# READMEs share most of their headings.
@lru_cache(maxsize=2_000)
def kinds_of(heading: str) -> tuple[bool, bool, bool]:
    """Tell whether a heading announces what the project is, anything else, or why it is."""
    if len(heading) >= 60:
        return False, False, False
    kinds = (_INTRODUCTIONS, _OTHER_HEADINGS, _BACKGROUNDS)
    introduces, is_other, is_background = (kind.is_in(heading) for kind in kinds)
    # "Bed status dashboard" is no section on its status, as "Testing the dashboard" is on tests.
    if is_other and ends_with_a_thing(heading) and not _OTHER_HEADINGS.begins(heading):
        is_other = False
    return introduces, is_other, is_background
