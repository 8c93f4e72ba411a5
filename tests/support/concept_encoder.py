"""An encoder without a model: a text is the concepts whose words it contains."""

from collections.abc import Sequence

import numpy as np

from biobank.names.folding import fold_word, tokens
from biobank.search.meaning.encoder import Vectors

CONCEPTS = (
    frozenset({"shot", "executed", "repressed"}),
    # Two spellings of a name, which no passage has: only spelling leads from them to the person.
    frozenset({"flew", "pilot", "cavid", "cavidd"}),
    frozenset({"chess", "grandmaster"}),
)


class ConceptEncoder:
    """One dimension a concept and one for other texts; counts the passages that it encoded."""

    name = "concepts"
    dimensions = len(CONCEPTS) + 1

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_question(self, text: str) -> Vectors:
        return _vector(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.stack([_vector(text) for text in texts])


def _vector(text: str) -> Vectors:
    words = {fold_word(token.text) for token in tokens(text)}
    contained = [float(bool(words & concept)) for concept in CONCEPTS]
    vector = np.array([*contained, float(not any(contained))], dtype=np.float32)
    return vector / np.linalg.norm(vector)
