"""Problems of a query: where they are in the typed text, and suggested fixes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from biobank.search.language.fields import NAMES
from biobank.search.language.parsing import parse
from biobank.search.language.problems import NEAR, Trouble
from biobank.search.query import SearchQuery
from biobank.web.links import Link, search_url

#: Maximum number of problems described; the others are only marked and counted.
TOLD_MOST = 8
#: Closing sign by opening sign.
PARTNERS = {"(": ")", '"': '"', "“": "”", "„": "“", "«": "»", "”": "”"}


@dataclass(frozen=True)
class Stretch:
    """A part of the typed text; `marked` if it was not understood."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Problem:
    message: str
    fixes: tuple[Link, ...]


@dataclass(frozen=True)
class Problems:
    """The typed text in spans, the described problems, and the number of further ones."""

    typed: tuple[Stretch, ...]
    told: tuple[Problem, ...]
    more: int


def make_problems(query: SearchQuery, troubles: Iterable[Trouble]) -> Problems | None:
    """Return the problems of a query, or None if there are none."""
    found = tuple(troubles)
    if not found:
        return None
    told = tuple(
        Problem(_message(one, query.lang), tuple(_fixes(query, one))) for one in found[:TOLD_MOST]
    )
    return Problems(tuple(_stretches(query.typed, found)), told, len(found) - len(told))


def _message(trouble: Trouble, lang: str) -> str:
    """Return the message without the labels that are offered as links."""
    return trouble.message.removesuffix(NEAR[lang].format(labels=", ".join(trouble.near)))


def _stretches(typed: str, troubles: Iterable[Trouble]) -> Iterator[Stretch]:
    at = 0
    for trouble in sorted(troubles, key=lambda it: it.start):
        if trouble.start >= at and trouble.end > trouble.start:
            if trouble.start > at:
                yield Stretch(typed[at : trouble.start], marked=False)
            yield Stretch(typed[trouble.start : trouble.end], marked=True)
            at = trouble.end
    if typed[at:]:
        yield Stretch(typed[at:], marked=False)


def _fixes(query: SearchQuery, trouble: Trouble) -> Iterator[Link]:
    typed = query.typed
    before = typed[: trouble.start]
    what = typed[trouble.start : trouble.end]
    after = typed[trouble.end :]
    for other in _others(trouble, what, query.lang):
        yield _fix(query, f"{before}{other}{after}", other)
    if trouble.code == "unclosed" and what in PARTNERS:
        mended = f"{typed}{PARTNERS[what]}"
        if _better(mended, query):
            yield _fix(query, mended, mended)
    if trouble.code in ("unclosed", "misplaced") and what:
        mended = " ".join(f"{before} {after}".split())
        if mended and _better(mended, query):
            yield _fix(query, mended, mended)


def _others(trouble: Trouble, what: str, lang: str) -> Iterator[str]:
    """Yield replacements for the text `faulty`."""
    field, colon, value = what.partition(":")
    if trouble.code == "unknown_field":
        names = [name for all_names in NAMES[lang].values() for name in all_names]
        for name in get_close_matches(field.casefold(), names, n=2):
            yield f"{name}:"
    if trouble.code == "unknown_value" and colon:
        _, tilde, distance = value.strip('"“”„«»').partition("~")
        for label in trouble.near:
            text = f"{label}{tilde}{distance}"
            yield f'{field}:"{text}"' if " " in text else f"{field}:{text}"


def _better(mended: str, query: SearchQuery) -> bool:
    """Return whether a corrected query has fewer problems."""
    now, then = (parse(text, query.lang).problems for text in (query.typed, mended))
    return len(then) < len(now)


def _fix(query: SearchQuery, text: str, label: str) -> Link:
    return Link(label, search_url(replace(query, text=text, typed="", page=1)))
