"""Related projects: who is most like whom, by the words they share and, if wanted, by meaning.

    Documents --model--> Model ------------------related--> keys of the likest, for each project
                           |                        |
    Projects --passage--> by_meaning --Comparison---'   only with the extra `semantic`

`pipeline` asks once for each build.
"""

from .likeness import Comparison, Model, model, related
from .meaning import Embedder, Passage, by_meaning, forget, packaged_model, passage

__all__ = [
    "Comparison",
    "Embedder",
    "Model",
    "Passage",
    "by_meaning",
    "forget",
    "model",
    "packaged_model",
    "passage",
    "related",
]
