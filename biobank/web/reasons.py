"""Why somebody was found, in the words of the reader's language."""

from collections import defaultdict
from dataclasses import dataclass

from biobank.search.answer import Hit
from biobank.web.text import _
from biobank.web.words import in_language

#: Reasons told of one name at most.
WHYS_MOST = 3


@dataclass(frozen=True)
class Why:
    """`names` tell why words are this person's name, where that is not plain to see.

    `places` tell where words stand, the most telling first: a place, and the words there.
    """

    names: tuple[str, ...]
    places: tuple[tuple[str, tuple[str, ...]], ...]


def make_why(hit: Hit, lang: str) -> Why | None:
    """Why `hit` was found; None where no words were asked for."""
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
