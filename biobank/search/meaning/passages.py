"""The passages of a person that are encoded: each section of the texts, in each language."""

import hashlib
from collections.abc import Sequence

from biobank.search.document import Document
from biobank.search.meaning.encoder import Encoder

#: Longest passage in characters; the model reads 512 tokens at a time, some 1,500 characters.
MAX_PASSAGE_CHARS = 1500
#: Most passages of a person, so that one long text does not occupy the indexer for minutes.
MAX_PASSAGES = 200
#: Counts changes of the code here, after which every person is encoded again.
PASSAGES_VERSION = 1


def make_passages(document: Document) -> list[str]:
    """Return the passages of a person, at most MAX_PASSAGES.

    Each begins with name and headline, because a section rarely names whom it is about. A language
    with a headline alone has one passage.
    """
    name = document.names[0] if document.names else ""
    passages: list[str] = []
    for lang in dict.fromkeys([*document.text, *document.headline]):
        headline = document.headline.get(lang, "")
        sections = [line.strip() for line in document.text.get(lang, "").splitlines() if line.strip()]
        if not sections and headline:
            sections = [""]
        passages += [f"{name}. {headline}\n{section}"[:MAX_PASSAGE_CHARS] for section in sections]
    return passages[:MAX_PASSAGES]


def digest_passages(passages: Sequence[str]) -> str:
    """Return a hash by which changed passages are recognised."""
    return hashlib.sha256("\0".join(passages).encode()).hexdigest()


def encoding_name(encoder: Encoder) -> str:
    """Return the name of an encoder and of the rules here: vectors of others are made again."""
    return f"{encoder.name}/{PASSAGES_VERSION}"
