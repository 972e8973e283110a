"""What a visit says of a website, and what it does not."""

from pathlib import Path
from time import process_time

import pytest

from aggregator.care.websites import Condition, condition_of, is_parked, site_domain
from aggregator.facts.visit import LARGEST_START, Hop, Visit, VisitEnd
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "care"
URL = "https://tool.example.org/docs/"


def answered(status: int = 200, *hops: Hop, start: bytes = b"") -> Visit:
    return Visit(VisitEnd.ANSWERED, status, hops, start)


@pytest.mark.parametrize(
    ("visit", "condition"),
    [
        (answered(), Condition.FINE),
        (answered(200, Hop(301, "http://www.tool.example.org/docs")), Condition.FINE),
        (answered(200, Hop(301, "https://tool.example.org/guide/")), Condition.MOVED),
        (
            answered(200, Hop(301, "https://tool.example.org/a/"), Hop(302, f"{URL}b/")),
            Condition.FINE,
        ),
        (answered(200, Hop(302, "https://tool.example.org/docs/en/")), Condition.FINE),
        (answered(200, Hop(301, "https://www.example.org/tool/")), Condition.MOVED),
        (answered(200, Hop(302, "https://other.example.com/")), Condition.ELSEWHERE),
        (answered(200, Hop(302, "https://login.example.com/?to=x")), Condition.FINE),
        (answered(404), Condition.DEAD),
        (answered(410), Condition.DEAD),
        (answered(404, Hop(301, "https://other.example.com/")), Condition.DEAD),
        (Visit(VisitEnd.NO_HOST), Condition.DEAD),
        (Visit(VisitEnd.NO_HOST, hops=(Hop(302, "https://x.example/"),)), Condition.SILENT),
        (answered(500), Condition.SILENT),
        (answered(503), Condition.SILENT),
        (Visit(VisitEnd.LATE), Condition.SILENT),
        (Visit(VisitEnd.REFUSED), Condition.SILENT),
        (Visit(VisitEnd.INSECURE), Condition.SILENT),
        (Visit(VisitEnd.BROKEN), Condition.SILENT),
        (answered(401), Condition.UNCLEAR),
        (answered(403), Condition.UNCLEAR),
        (answered(429), Condition.UNCLEAR),
        (answered(304), Condition.UNCLEAR),
        (Visit(VisitEnd.PRIVATE), Condition.UNCLEAR),
        (Visit(VisitEnd.CIRCLES), Condition.UNCLEAR),
        (Visit(VisitEnd.WAITS), Condition.UNCLEAR),
    ],
)
def test_only_what_is_sure_is_called_dead(visit: Visit, condition: Condition) -> None:
    """A slow, shy or broken server is not dead; what leads on is told from what moved."""
    assert condition_of(URL, visit).condition is condition


@pytest.mark.parametrize("end", VisitEnd)
def test_every_end_of_a_visit_is_told_in_words(end: VisitEnd) -> None:
    """Whoever reads of a website that does not answer reads why."""
    judged = condition_of(URL, Visit(end))
    assert judged.why or end is VisitEnd.ANSWERED


@pytest.mark.parametrize(
    "url",
    ["https://doi.org/10.5281/zenodo.1234567", "https://w3id.org/tool", "https://bit.ly/x"],
)
def test_what_is_made_to_lead_on_has_not_moved(url: str) -> None:
    """A DOI or a short address leads to another domain because it should."""
    judged = condition_of(url, answered(200, Hop(302, "https://other.example.com/x")))
    assert judged.condition is Condition.FINE


@pytest.mark.parametrize("path", sorted(CASES.glob("*parked/*.html")), ids=lambda p: p.stem)
def test_a_page_is_parked_only_with_two_signs(path: Path) -> None:
    """A page that offers its own domain is told from one that speaks of such things."""
    found = is_parked("http://www.lapsed.example/", path.read_bytes())
    assert found is (path.parent.name == "parked")


def test_a_long_page_is_not_parked() -> None:
    """Whoever has much to say sells no domain, whatever stands in between."""
    start = (CASES / "parked" / "named-in-the-title.html").read_bytes() + b"<p>word </p>" * 500
    assert not is_parked("http://lapsed.example/", start)


@pytest.mark.parametrize("trap", [b"<", b"<title", b"<script ", b"<style>", b"</script", b"src=//"])
def test_no_page_keeps_a_round_waiting(trap: bytes) -> None:
    """A page of beginnings without an end costs no more time than any other."""
    begun = process_time()
    assert not is_parked("http://lapsed.example/", (trap * LARGEST_START)[:LARGEST_START])
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.example.co.uk/x", "example.co.uk"),
        ("https://deep.example.org", "example.org"),
        ("https://ann.github.io/tool/", "ann.github.io"),
        ("https://tool.readthedocs.io/en/", "tool.readthedocs.io"),
        ("https://B\u00dcCHER.example/", "xn--bcher-kva.example"),
        ("http://192.0.2.7:8000/", "192.0.2.7"),
        ("http://localhost/", "localhost"),
        ("http://[", ""),
    ],
)
def test_who_registered_a_host(url: str, domain: str) -> None:
    """Names under a public suffix are different sites, those under one name are one."""
    assert site_domain(url) == domain
