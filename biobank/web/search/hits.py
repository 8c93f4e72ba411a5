"""View models of search results."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext
from markupsafe import Markup

from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_uncertain_years
from biobank.records.dates import DateError
from biobank.search.query import SearchQuery
from biobank.search.response import Hit
from biobank.web.core.gettext import _
from biobank.web.core.labels import language_phrase
from biobank.web.core.person_cards import MatchedForm, PersonCard, date_of, find_matched_form, hit_card

#: Maximum number of explanations of name matches.
MAX_NAME_EXPLANATIONS = 3
#: Where in a record a word occurs.
PLACE_LABELS: Final = {
    "name": lazy_gettext("in the name"),
    "headline": lazy_gettext("in the headline"),
    "labels": lazy_gettext("in professions, places and other labels"),
    "works": lazy_gettext("in the titles of works"),
    "ties": lazy_gettext("in relationships"),
    "text": lazy_gettext("in the text"),
    "sources": lazy_gettext("in the sources"),
    "together": lazy_gettext("near each other"),
    "main_profession": lazy_gettext("main profession"),
    "birthplace": lazy_gettext("place of birth"),
}
#: Facet of the values that a person has in the first place, by place of the match.
PROMINENT_FACETS: Final = {"main_profession": "profession", "birthplace": "place"}


@dataclass(frozen=True)
class MatchExplanation:
    """The explanation of a match.

    `names` explain name matches that are not obvious. `places` list where words occur, most
    relevant first: a label and the words.
    """

    names: tuple[str, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]


def explain_match(hit: Hit, catalogue: Catalogue, lang: str) -> MatchExplanation | None:
    """Explain why `hit` matched; None if the query has no words."""
    names = tuple(dict.fromkeys(explanation for matched in hit.matched if (explanation := matched.why(lang))))
    words_by_place: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reason in hit.reasons:
        words = words_by_place[reason.place, reason.lang]
        facet = PROMINENT_FACETS.get(reason.place)
        word = catalogue.label(facet, reason.word, lang) if facet else reason.word
        if word not in words:
            words.append(word)
    places = tuple((_place_label(*place, lang), tuple(words)) for place, words in words_by_place.items())
    has_words = any(place not in PROMINENT_FACETS for place, _lang in words_by_place)
    return MatchExplanation(names[:MAX_NAME_EXPLANATIONS], places) if names or has_words else None


def _place_label(place: str, text_lang: str, lang: str) -> str:
    label = str(PLACE_LABELS.get(place, place))
    return label if text_lang in ("", lang) else f"{label}, {language_phrase(text_lang)}"


def describe_uncertain_dates(query: SearchQuery, birth: str | None, death: str | None) -> tuple[str, ...]:
    """Return the uncertain dates that the query or its order concerns, as texts."""
    born = _year_range(birth, query.lang) if birth and _concerns_births(query) else ""
    died = _year_range(death, query.lang) if death and query.died else ""
    texts = (
        _("birth date used for search: %(years)s", years=born) if born else "",
        _("death date used for search: %(years)s", years=died) if died else "",
    )
    return tuple(text for text in texts if text)


def _concerns_births(query: SearchQuery) -> bool:
    return query.born is not None or query.sort.removeprefix("-") == "birth"


def _year_range(date: str, lang: str) -> str:
    try:
        return format_uncertain_years(date, lang)
    except DateError:
        return ""


@dataclass(frozen=True)
class SnippetView:
    """A highlighted text passage; `lang` is its language."""

    html: Markup
    lang: str


@dataclass(frozen=True)
class HitView:
    card: PersonCard
    matched_form: MatchedForm | None
    why: MatchExplanation | None
    #: Year ranges assumed for uncertain dates, if the query concerns dates.
    uncertain_dates: tuple[str, ...]
    snippet: SnippetView | None
    #: The headline with highlighted query words.
    headline: SnippetView | None


def make_hit(hit: Hit, catalogue: Catalogue, query: SearchQuery) -> HitView:
    """Return the view model of one result."""
    lang = query.lang
    birth, death = (date_of(hit.birth), date_of(hit.death))
    headline = _snippet(hit, "headline")
    # A headline in another language is shown as a snippet.
    own_headline = headline if headline and headline.lang == lang else None
    return HitView(
        card=hit_card(hit, catalogue, lang),
        matched_form=find_matched_form(hit),
        why=explain_match(hit, catalogue, lang),
        uncertain_dates=describe_uncertain_dates(query, birth, death),
        snippet=_snippet(hit, "biography"),
        headline=own_headline,
    )


def _snippet(hit: Hit, field: str) -> SnippetView | None:
    for snippet in hit.snippets:
        if (snippet.field == "headline") == (field == "headline"):
            # The service escapes the passage and adds the marks.
            return SnippetView(Markup(snippet.html), snippet.lang)  # noqa: S704
    return None
