"""Explanations of why a person matched, in the reader's language."""

from collections import defaultdict
from dataclasses import dataclass

from biobank.search.answer import Hit
from biobank.web.text import _
from biobank.web.words import in_language

#: Maximum number of explanations of name matches.
WHYS_MOST = 3


@dataclass(frozen=True)
class Why:
    """The explanation of a match.

    `names` explain name matches that are not obvious. `places` list where words occur, most
    relevant first: a label and the words.
    """

    names: tuple[str, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]


def make_why(hit: Hit, lang: str) -> Why | None:
    """Explain why `hit` matched; None if the query has no words."""
    names = tuple(dict.fromkeys(matched.why for matched in hit.matched if matched.why))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reason in hit.reasons:
        words = found[reason.place, reason.lang]
        if reason.word not in words:
            words.append(reason.word)
    places = tuple((_place(*place, lang), tuple(words)) for place, words in found.items())
    return Why(names[:WHYS_MOST], places) if names or places else None


def _place(place: str, text_lang: str, lang: str) -> str:
    words = {
        "name": _("in the name"),
        "headline": _("in the headline"),
        "labels": _("among professions, places and the like"),
        "works": _("in the works"),
        "ties": _("in the ties to others"),
        "text": _("in the text"),
        "sources": _("in the sources"),
        "together": _("close together"),
    }.get(place, place)
    return words if text_lang in ("", lang) else f"{words}, {in_language(text_lang)}"
