"""Which file is where: the registry, the memory and the site of one showcase. Reads nothing."""

from dataclasses import dataclass
from pathlib import Path

from aggregator.store.schema import CATALOGUE, NEIGHBOURS, WEBSITES

PROOF = "proof.json"
PUBLISHED_PROOF = f"data/{PROOF}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where one showcase lives on disk."""

    registry: Path
    state: Path
    output: Path
    templates: Path | None = None

    @property
    def database(self) -> Path:
        """Give the file that holds the last good facts."""
        return self.state / CATALOGUE

    @property
    def websites(self) -> Path:
        """Give the file that says which websites still answer."""
        return self.state / WEBSITES

    @property
    def neighbours(self) -> Path:
        """Give the file of what other showcases said."""
        return self.state / NEIGHBOURS

    @property
    def proof(self) -> Path:
        """Give the file that says what the last published site held."""
        return self.state / PROOF

    @property
    def proofs(self) -> tuple[Path, ...]:
        """Give the places of that file: in the site itself, and beside the catalogue."""
        return (self.output / PUBLISHED_PROOF, self.proof)

    @property
    def cache(self) -> Path:
        """Give the folder that may be deleted at any time."""
        return self.state / "cache"

    @property
    def manifest(self) -> Path:
        """Give the file that says what each file of the site was made from."""
        return self.cache / "manifest.sqlite"

    @property
    def kept(self) -> tuple[Path, ...]:
        """Give what building a site may never overwrite."""
        return (self.registry, self.state, *((self.templates,) if self.templates else ()))
