"""Synthetic documents: honorifics as names, domain vocabulary as texts."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biobank.common.i18n import LANGUAGES
from biobank.names.alphabet import sort_key
from biobank.search.completeness import GAP_VALUES
from biobank.search.document import Document
from biobank.search.engine import DetectedName
from biobank.search.query import FACETS, SORT_ORDERS, UNKNOWN, DateFilter, FacetChoice, SearchQuery

#: Honorifics and particles; never a name on their own.
NAME_WORDS = ("Xan", "Bəy", "Ağa", "Çələbi", "İkinci", "ilk", "Əfəndi", "Шах", "خان", "Khan")
#: Words by language; inflected forms are adjacent, which tests stemming.
TEXT_WORDS = {
    "az": ("opera", "operanın", "şair", "şairlər", "musiqi", "və", "Bakı", "Bakıda", "1908"),
    "en": ("opera", "operas", "poet", "poets", "music", "and", "Baku", "of", "1908"),
    "ru": ("опера", "оперы", "поэт", "поэта", "музыка", "и", "Баку", "в", "1908"),
}
#: Values that no document has.
ABSENT = "qwertyuiop"
VALUES = ("a", "b", "c")

BLANK = Document(
    id="nobody",
    names=(),
    headline={},
    labels={},
    text={},
    facets=dict.fromkeys(FACETS, (UNKNOWN,)),
    sort_keys=dict.fromkeys(LANGUAGES, ""),
    born=(None, None),
    died=(None, None),
    updated=0.0,
    documented=0,
)


def name_keys(name: str) -> dict[str, str]:
    """Return the sort keys of a name that is the same in every language."""
    return {lang: sort_key(name, lang) for lang in LANGUAGES}


def document(id_: str, *names: str, **changes: Any) -> Document:
    """Return a document with the given fields; omitted facets are unknown.

    `text`, `headline`, `labels` and `ties` given as a single string are Azerbaijani.
    """
    facets = {**BLANK.facets, **changes.pop("facets", {})}
    for group in ("text", "headline", "labels", "ties"):
        if isinstance(changes.get(group), str):
            changes[group] = {"az": changes[group]}
    keys = name_keys(names[0] if names else "")
    return replace(BLANK, **{"id": id_, "names": names, "sort_keys": keys, **changes, "facets": facets})


def choices_of(**values: list[str]) -> dict[str, FacetChoice]:
    """Return facet choices from URL values: `gender=["female"]`, `country=["-TR"]`."""
    return {facet: FacetChoice.from_values(chosen) for facet, chosen in values.items()}


#: Days are close together, so that ranges touch, contain and miss each other.
_days = st.integers(0, 12)
_spans = st.one_of(
    st.just((None, None)),
    st.tuples(_days, _days).map(lambda ends: (min(ends), max(ends))),
    st.tuples(_days, st.none()),
    st.tuples(st.none(), _days),
)


def _line(words: tuple[str, ...], max_words: int) -> SearchStrategy[str]:
    return st.lists(st.sampled_from(words), max_size=max_words).map(" ".join)


def _texts(max_words: int) -> SearchStrategy[dict[str, str]]:
    """Return texts in some of the languages, possibly empty."""
    return st.fixed_dictionaries(
        {}, optional={lang: _line(TEXT_WORDS[lang], max_words) for lang in LANGUAGES}
    )


_names = st.lists(
    st.lists(st.sampled_from(NAME_WORDS), min_size=1, max_size=2).map(" ".join), min_size=1, max_size=2
).map(tuple)

_person_ids = st.sampled_from([f"p{number}" for number in range(20)])
_facets = st.fixed_dictionaries(
    {
        facet: st.lists(st.sampled_from(VALUES), max_size=2, unique=True).map(
            lambda values: tuple(values) or (UNKNOWN,)
        )
        for facet in (*FACETS, "award", "source", *GAP_VALUES)
    }
    | {"relation": st.lists(_person_ids, max_size=2, unique=True).map(lambda ids: tuple(ids) or (UNKNOWN,))}
)


def documents(id_: SearchStrategy[str]) -> SearchStrategy[Document]:
    """Return a strategy of any document the engine may index."""
    return st.builds(
        lambda id_, names, **rest: Document(id=id_, names=names, sort_keys=name_keys(names[0]), **rest),
        id_=id_,
        names=_names,
        headline=_texts(2),
        labels=_texts(2),
        text=_texts(6),
        ties=_texts(2),
        facets=_facets,
        born=_spans,
        died=_spans,
        works=_texts(3),
        sources=st.lists(_line(NAME_WORDS, 2), max_size=2).map(tuple),
        lived=_spans,
        checked=_spans,
        updated=st.integers(0, 3).map(float),
        documented=st.integers(0, 3),
    )


def banks(max_size: int, min_size: int = 0) -> SearchStrategy[list[Document]]:
    """Return a strategy of lists of documents with distinct ids."""
    ids = st.sampled_from([f"p{number}" for number in range(4 * max_size)])
    return st.lists(documents(ids), min_size=min_size, max_size=max_size, unique_by=lambda d: d.id)


_words = st.sampled_from(
    sorted({*NAME_WORDS, *(word for words in TEXT_WORDS.values() for word in words), ABSENT})
)
_filters = _spans.map(lambda span: DateFilter("", *span))
_chosen = st.builds(
    FacetChoice,
    st.lists(st.sampled_from((*VALUES, UNKNOWN, "nowhere")), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from((*VALUES, UNKNOWN, "nowhere")), max_size=1).map(tuple),
)


_people = st.dictionaries(_person_ids, st.sampled_from((0.5, 0.75, 1.0)))
#: Detected names of people who may or may not be in the index.
names_read = st.lists(
    st.builds(DetectedName, st.sets(st.integers(0, 3), min_size=1, max_size=2).map(tuple), _people),
    max_size=2,
)


def queries() -> SearchStrategy[SearchQuery]:
    """Return a strategy of queries for `banks`: words, facets and dates."""
    return st.builds(
        SearchQuery,
        text=st.lists(_words, max_size=3).map(" ".join),
        lang=st.sampled_from(LANGUAGES),
        size=st.integers(1, 7),
        sort=st.sampled_from(SORT_ORDERS),
        choices=st.dictionaries(
            st.sampled_from(FACETS), _chosen.filter(lambda choice: bool(choice.values)), max_size=3
        ),
        born=st.none() | _filters,
        died=st.none() | _filters,
        certainty=st.sampled_from(("possible", "certain")),
    )
