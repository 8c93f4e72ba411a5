"""Explanations of why a person matched, in the reader's language."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext

from biobank.search.response import Hit
from biobank.web.core.labels import language_phrase

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
}


@dataclass(frozen=True)
class MatchExplanation:
    """The explanation of a match.

    `names` explain name matches that are not obvious. `places` list where words occur, most
    relevant first: a label and the words.
    """

    names: tuple[str, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]


def explain_match(hit: Hit, lang: str) -> MatchExplanation | None:
    """Explain why `hit` matched; None if the query has no words."""
    names = tuple(dict.fromkeys(matched.why for matched in hit.matched if matched.why))
    words_by_place: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reason in hit.reasons:
        words = words_by_place[reason.place, reason.lang]
        if reason.word not in words:
            words.append(reason.word)
    places = tuple(
        (_place_label(*place, lang), tuple(words)) for place, words in words_by_place.items()
    )
    return MatchExplanation(names[:MAX_NAME_EXPLANATIONS], places) if names or places else None


def _place_label(place: str, text_lang: str, lang: str) -> str:
    label = str(PLACE_LABELS.get(place, place))
    return label if text_lang in ("", lang) else f"{label}, {language_phrase(text_lang)}"
