"""What the search knows of general English: how common words are, and what tasks are called.

A small catalogue cannot tell that `people` says little and `dialysis` much: each may be in one
project. What everybody writes everywhere is known before the first project is read, from wordfreq
(https://github.com/rspeer/wordfreq, its data CC BY-SA 4.0). Only the builder of the index asks.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from wordfreq import cB_to_freq, get_frequency_list

from aggregator.searching.synonyms import Line, keys_of
from aggregator.searching.tokens import stem

USUAL_TEXT = 300  # words of a text, small ones counted
_LEAST = 10**-6.5  # of all that is written: rarer words are often slips themselves
_LEAST_EXPECTED = 1e-6
_WELL_KNOWN = 10**-5.5

# What people call the things that they want done: each row is one task, and who types one word of
# it is led, weakly, to what says another. Rows are of no field and no community; what only some
# people say belongs into their glossary. Words that mean too much to lead anywhere are not here.
_ROWS = """
anonymise, de-identify, deidentification, pseudonymise, redact, anonymous, remove names
fake, synthetic, dummy, mock, made up, simulated, artificial
forecast, predict, prediction, predictive, foresee
simulate, simulation, simulator
merge, join, combine, link, linkage, match, deduplicate
learn, teach, tutorial, training, course, workshop, lesson, beginner, introduction, learning
beginner, beginners, newcomer, new to, introduction, getting started
schedule, scheduling, rota, roster, timetable, shift, rostering
plot, chart, graph, visualise, visualisation, draw, diagram
map, mapping, geospatial, geographic, spatial, gis, location
clean, cleaning, tidy, wrangle, wrangling, cleanse
check, validate, validation, verify, quality assurance, linting
template, boilerplate, starter, skeleton, scaffold, cookiecutter, blank project
survey, questionnaire, feedback, opinion, comments, poll
spreadsheet, excel, xlsx, csv, workbook
database, sql, warehouse, sqlite, postgres
dashboard, report, reporting, monitoring
website, web site, web page, frontend, front end
translate, translation, localisation, multilingual
extract, extraction, parse, parser, scrape, scraping, mining
download, fetch, retrieve, api client, ingest
convert, conversion, transform, turn into, migrate
share, publish, open source, release, make public
document, documentation, docs, manual, handbook, guide, guidance
reproduce, reproducible, reproducibility, replicate
test, testing, unit test, pytest
deploy, deployment, hosting, docker, container
pdf, document, docx, word document
text, free text, nlp, natural language, text mining
picture, image, photo, imaging, scan
summarise, summary, abstract, summarisation
classify, classification, categorise, label, labelling
cluster, clustering, segment, group similar
optimise, optimisation, optimization, allocate, allocation, best way
queue, queueing, waiting, wait, waitlist
delay, wait, late, backlog
old, older, elderly, ageing, aged, frail
child, children, paediatric, young people
money, cost, costs, finance, budget, spending, price
compare, comparison, benchmark, benchmarking
privacy, confidential, disclosure, private, sensitive
equity, inequality, inequalities, disparity, fairness, deprivation
travel, journey, route, routing, distance
staff, workforce, employee, personnel
search, find, lookup, look up, retrieval
password, secret, credential, login, sign in, authentication
""".strip().splitlines()


@cache
def english_words() -> Mapping[str, float]:
    """Give the words of English, with which share of all written words each is."""
    found = get_frequency_list("en", wordlist="large")
    shares = [cB_to_freq(-step) for step in range(len(found))]
    known = {
        word: share
        for share, words in zip(shares, found, strict=True)
        if share >= _LEAST
        for word in words
        if word.isascii() and word.isalpha()
    }
    get_frequency_list.cache_clear()  # six times as many words, which nobody asks for again
    return known


@cache
def expected() -> Mapping[str, float]:
    """Give, for what search compares of each word, in which share of all texts it stands."""
    shares: defaultdict[str, float] = defaultdict(float)
    for word, share in english_words().items():
        if share >= _LEAST_EXPECTED:
            shares[stem(word)] += share
    return {term: 1 - math.exp(-USUAL_TEXT * share) for term, share in sorted(shares.items())}


def is_word(surface: str) -> bool:
    """Say whether people use a word so often that it is hardly the beginning of another."""
    return english_words().get(surface, 0.0) >= _WELL_KNOWN


def english_from(shortest: int) -> list[str]:
    """Give the words of at least so many letters, in order."""
    return sorted(word for word in english_words() if len(word) >= shortest)


def tasks() -> list[Line]:
    """Give the keys of each row; who types one is led to those others that are one word."""
    rows = ([key for text in row.split(", ") for key in keys_of(text)] for row in _ROWS)
    return [list(dict.fromkeys(row)) for row in rows]
