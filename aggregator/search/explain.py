"""Say why each result stands where it does, in words and as data."""

from collections.abc import Iterator

from aggregator.search.engine import Hit, Results
from aggregator.search.rank import Share, shares


def explain(results: Results, hit: Hit) -> list[Share]:
    """Give what each typed word added to one result's score."""
    return shares(results.slots, hit.number)


def sentences(results: Results, hit: Hit) -> Iterator[str]:
    """Explain one result, a line for each word, then the words it does not hold."""
    found = explain(results, hit)
    for share in found:
        yield (
            f"{share.word}: {share.points} = rarity {share.rarity} x strength {share.impact} "
            f"x {share.source.factor}/8 ({_because(share)})"
        )
    held = {share.word for share in found}
    missing = [slot.surface for slot in results.slots if slot.surface not in held]
    if missing:
        yield f"without: {', '.join(missing)}"


def _because(share: Share) -> str:
    key, why = share.source.key, share.source.why
    return why if key == share.word else f"{why}, {key!r}"
