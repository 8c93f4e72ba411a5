"""Which questions are searched by meaning, and whom that finds beside the results of the words."""

from collections.abc import Sequence
from functools import lru_cache

from biobank.search.engine import EngineHit, SearchEngine
from biobank.search.executor import SearchResult
from biobank.search.language.tree import Words
from biobank.search.meaning.encoder import Encoder
from biobank.search.meaning.passages import encoding_name
from biobank.search.meaning.vector_index import VectorIndex
from biobank.search.query import SORT_ORDERS, SearchQuery

#: Results of the words from which on nothing is added: a first page of ten is full.
FULL_RESULTS = 10
#: Most people found by meaning alone, and their least similarity. Measured on the judged questions
#: (docs/adr/0026-retrieval-by-meaning.md); questions about other subjects stay below 0.81.
MAX_BY_MEANING = 5
MIN_MEANING_SIMILARITY = 0.84
#: Encoded questions kept per process: 256 of 1.5 KB.
CACHED_QUESTIONS = 256


class MeaningSearch:
    """Finds people whose texts resemble a question without having its words."""

    def __init__(self, engine: SearchEngine, encoder: Encoder) -> None:
        self._vectors = VectorIndex(engine.serving_folder, encoding_name(encoder), encoder.dimensions)
        self._encode = lru_cache(CACHED_QUESTIONS)(encoder.encode_question)

    def find(self, result: SearchResult, excluded: Sequence[str]) -> list[EngineHit]:
        """Return people beside the results of the words, the most similar first.

        `excluded` are the ids of these results. The score of a hit is its similarity, 0 to 1.
        """
        text = question_text(result)
        if not text:
            return []
        return self._vectors.find_similar(
            self._encode(text), set(excluded), MAX_BY_MEANING, MIN_MEANING_SIMILARITY
        )


def question_text(result: SearchResult) -> str:
    """Return the text to encode; empty if meaning cannot help.

    It helps where free words in order of relevance found few people, or dropped words, on the
    first page. A name alone, a similar name or a corrected word is a matter of spelling.
    """
    query, response = result.query, result.response
    words = query.tree
    if not isinstance(words, Words) or words.field or _is_restricted(query):
        return ""
    if result.match == "did_you_mean" or not _has_plain_words(result):
        return ""
    is_short = response.total < FULL_RESULTS or result.match == "partial"
    return words.text if is_short else ""


def _is_restricted(query: SearchQuery) -> bool:
    """Return whether a filter, another order or a small page is requested, or not the first page."""
    has_filter = bool(query.choices or query.born or query.died or query.area)
    is_first_page = query.page == 1 and query.size >= FULL_RESULTS
    return has_filter or not is_first_page or query.sort != SORT_ORDERS[0]


def _has_plain_words(result: SearchResult) -> bool:
    """Return whether the question has words that belong to no name, stopwords aside."""
    return any(part.unnamed_positions for part in result.name_matches if part.part == "")
