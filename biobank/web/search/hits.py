"""View models of search results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from biobank.records.catalogue import Catalogue
from biobank.search.query import SearchQuery
from biobank.search.response import Hit
from biobank.web.core.labels import format_years, language_tag, text_direction
from biobank.web.core.urls import person_url
from biobank.web.media.pictures import square_url
from biobank.web.people.cards import PersonCard, profession_labels
from biobank.web.search.match_reasons import MatchExplanation, explain_match
from biobank.web.search.uncertain_dates import describe_uncertain_dates


@dataclass(frozen=True)
class SnippetView:
    """A highlighted text passage; `lang` is its language."""

    html: Markup
    lang: str


@dataclass(frozen=True)
class MatchedForm:
    """The name form that matched, if it is not the heading of the result."""

    text: str
    tag: str
    dir: str


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
    birth, death = (_date(hit.birth), _date(hit.death))
    headline = _snippet(hit, "headline")
    card = PersonCard(
        id=hit.id,
        url=person_url(hit.id, lang),
        name=hit.name,
        years=format_years(birth, death, lang, living=hit.death is None),
        headline=hit.headline,
        headline_lang=headline.lang if headline else lang,
        professions=profession_labels(hit.professions, catalogue, lang),
        portrait=square_url(hit.portrait),
    )
    # A headline in another language is shown as a snippet.
    own_headline = headline if headline and headline.lang == lang else None
    return HitView(
        card=card,
        matched_form=_matched_form(hit),
        why=explain_match(hit, lang),
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


def _matched_form(hit: Hit) -> MatchedForm | None:
    for matched in hit.matched:
        if matched.name and matched.name != hit.name:
            name: Mapping[str, str] = next(
                (name for name in hit.names if name["text"] == matched.name), {"lang": ""}
            )
            script = name.get("script")
            return MatchedForm(
                text=matched.name,
                tag=language_tag(name["lang"], script),
                dir=text_direction(name["lang"], script),
            )
    return None


def _date(part: Mapping[str, Any] | None) -> str | None:
    return (part or {}).get("date")
