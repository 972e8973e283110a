"""A catalogue with all that is dear to find out for it, which memos on disk keep between builds.

    Ingredients --assemble: languages.db--> Catalogue --corpus_of: analyses.db--> Corpus
        --near: meaning.db--> Corpus with what is near in meaning
        --likest: vectors.db--> Catalogue with its related projects

Called by `pipeline`, once for each site that it tries to make.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from aggregator.care.rounds import read_websites
from aggregator.catalogue.assemble import assemble, with_related
from aggregator.catalogue.listed_elsewhere import listed_elsewhere
from aggregator.catalogue.tongues import model_version, remembering
from aggregator.catalogue.types import Catalogue
from aggregator.run.faulty import Ingredients
from aggregator.run.language_models import Models, forget
from aggregator.run.workspace import Workspace
from aggregator.searching.analysis import analysis_version
from aggregator.searching.columns import Corpus
from aggregator.searching.related import Embedder, related_to_each, vectors_of
from aggregator.site.data.search_index import corpus_of
from aggregator.store.disk_memo import open_memo
from aggregator.store.neighbours_file import read_neighbours
from aggregator.words.crew import Mapper
from aggregator.words.natural_language import let_the_model_go


def catalogue_and_corpus(
    given: Ingredients,
    web: str,
    workspace: Workspace,
    models: Models,
    mapped: Mapper = map,
) -> tuple[Catalogue, Corpus]:
    """Give what a site shows, and the same as search reads it.

    Args:
        given: registry, facts and rendered READMEs.
        web: address of the GitHub that people visit.
        workspace: where the memos are.
        models: tell what is near in meaning, as far as they are installed and wanted.
        mapped: reads what is new for the search, perhaps several at once.
    """
    dead_since = read_websites(workspace.state).dead_since
    with open_memo(workspace.cache / "languages.db", model_version()) as memo:
        ask = remembering(memo)
        alone = assemble(given.registry, given.snapshot, given.rendered, web, ask, dead_since)
    kept = read_neighbours(workspace.state) if given.registry.showcase.include else ()
    alone = replace(alone, elsewhere=listed_elsewhere(given.registry, alone.projects, kept))
    let_the_model_go()  # nothing after this asks it, and the index is what takes most memory
    # Once, for the index and for related projects; what says the same as before is not read.
    with open_memo(workspace.cache / "analyses.db", analysis_version()) as memo:
        corpus = corpus_of(alone, memo, mapped)
        # What is like a project is told by what is listed here.
        own = corpus_of(replace(alone, elsewhere=()), memo, mapped) if alone.elsewhere else corpus
    corpus = replace(corpus, near=models.near(corpus, workspace.cache / "meaning.db"))
    found = likest(alone, own, models.embedder, workspace.cache / "vectors.db")
    told = tuple(mistake.seen_from(workspace.registry) for mistake in alone.mistakes)
    catalogue = replace(with_related(alone, found), unmade=given.unmade, mistakes=told)
    return catalogue, corpus


def likest(
    catalogue: Catalogue, corpus: Corpus, embedder: Embedder | None, vectors: Path
) -> Mapping[str, tuple[str, ...]]:
    """Find for each project, by registry key, the keys of those most like it.

    Without an `embedder`, which looks again at what shares words, the words decide alone; what it
    made is kept in the file `vectors` between builds.
    """
    # Earlier versions kept a folder of files; what was made of a README leaves with the README.
    rmtree(vectors.with_suffix(""), ignore_errors=True)
    again = None
    if embedder:
        with open_memo(vectors, embedder.version) as memo:
            again = vectors_of(corpus, embedder, memo)
    else:
        forget(vectors)
    found = related_to_each(corpus, again)
    keys = {project.repo: project.key for project in catalogue.projects}
    return {keys[repo]: tuple(keys[other] for other in others) for repo, others in found.items()}
