"""How a question was understood, condition by condition, in the reader's language."""

from collections.abc import Collection, Iterator

from biobank.records.catalogue import Catalogue
from biobank.search import labels
from biobank.search.answer import Understood
from biobank.search.query import CERTAINTIES, FACETS, UNKNOWN, Choice, SearchQuery
from biobank.search.question import words_of


def understood(
    query: SearchQuery, catalogue: Catalogue, let_go: Collection[int]
) -> Iterator[Understood]:
    """Every condition of `query`: its words, with those that were let go, then its filters."""
    for index, word in enumerate(words_of(query.text)):
        kind = "stopword" if word.stop else "let_go" if index in let_go else "word"
        yield Understood(kind, word.text, word.text, start=word.start, end=word.end)
    for facet in FACETS:
        choice = query.choices.get(facet, Choice())
        for value in choice.values:
            excluded = value.startswith("-")
            plain = value.removeprefix("-")
            label = facet_label(catalogue, facet, plain, query.lang)
            yield Understood("facet", value, label, facet=facet, value=plain, exclude=excluded)
    for kind, dates, words in (
        ("born", query.born, labels.BORN),
        ("died", query.died, labels.DIED),
    ):
        if dates:
            label = f"{words[query.lang]}: {dates.text}"
            yield Understood(kind, dates.text, label, value=dates.text)
    if query.certainty != CERTAINTIES[0]:
        label = labels.CERTAIN[query.lang]
        yield Understood("certainty", query.certainty, label, value=query.certainty)


def facet_label(catalogue: Catalogue, facet: str, value: str, lang: str) -> str:
    """How a value of a facet is shown in `lang`."""
    if value == UNKNOWN:
        return labels.GENDERS[UNKNOWN][lang]
    if facet == "gender":
        return labels.GENDERS.get(value, {}).get(lang, value)
    if facet == "language":
        return labels.LANGUAGES.get(value, {}).get(lang, value)
    if facet == "century":
        return labels.century(value, lang) if labels.CENTURY.fullmatch(value) else value
    return catalogue.label(facet, value, lang)
