"""Problems of a query: where they are in the typed text, and suggested fixes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from biobank.search.language.fields import FIELD_NAMES
from biobank.search.language.parser import parse
from biobank.search.language.problems import QueryProblem
from biobank.search.query import SearchQuery
from biobank.web.core.search_chips import MAX_DESCRIBED_PROBLEMS
from biobank.web.core.urls import Link, search_url

#: Closing sign by opening sign.
CLOSING_SIGNS = {"(": ")", '"': '"', "“": "”", "„": "“", "«": "»", "”": "”"}


@dataclass(frozen=True)
class TextSpan:
    """A part of the typed text; `marked` if it was not understood."""

    text: str
    marked: bool


@dataclass(frozen=True)
class QueryProblemView:
    message: str
    fixes: tuple[Link, ...]


@dataclass(frozen=True)
class QueryProblems:
    """The typed text in spans, the described problems, and the number of further ones."""

    spans: tuple[TextSpan, ...]
    described: tuple[QueryProblemView, ...]
    more: int


def make_query_problems(query: SearchQuery, query_problems: Iterable[QueryProblem]) -> QueryProblems | None:
    """Return the problems of a query, or None if there are none."""
    problems = tuple(query_problems)
    if not problems:
        return None
    described = tuple(
        QueryProblemView(problem.message(query.lang), tuple(_fixes(query, problem)))
        for problem in problems[:MAX_DESCRIBED_PROBLEMS]
    )
    return QueryProblems(tuple(_spans(query.typed, problems)), described, len(problems) - len(described))


def _spans(typed: str, problems: Iterable[QueryProblem]) -> Iterator[TextSpan]:
    position = 0
    for problem in sorted(problems, key=lambda entry: entry.start):
        if problem.start >= position and problem.end > problem.start:
            if problem.start > position:
                yield TextSpan(typed[position : problem.start], marked=False)
            yield TextSpan(typed[problem.start : problem.end], marked=True)
            position = problem.end
    if typed[position:]:
        yield TextSpan(typed[position:], marked=False)


def _fixes(query: SearchQuery, problem: QueryProblem) -> Iterator[Link]:
    typed = query.typed
    before = typed[: problem.start]
    faulty = typed[problem.start : problem.end]
    after = typed[problem.end :]
    for alternative in _alternatives(problem, faulty, query.lang):
        yield _fix(query, f"{before}{alternative}{after}", alternative)
    if problem.code == "unclosed" and faulty in CLOSING_SIGNS:
        corrected = f"{typed}{CLOSING_SIGNS[faulty]}"
        if _has_fewer_problems(corrected, query):
            yield _fix(query, corrected, corrected)
    if problem.code in ("unclosed", "misplaced") and faulty:
        corrected = " ".join(f"{before} {after}".split())
        if corrected and _has_fewer_problems(corrected, query):
            yield _fix(query, corrected, corrected)


def _alternatives(problem: QueryProblem, faulty: str, lang: str) -> Iterator[str]:
    """Yield replacements for the text `faulty`."""
    field, colon, value = faulty.partition(":")
    if problem.code == "unknown_field":
        names = [name for all_names in FIELD_NAMES[lang].values() for name in all_names]
        for name in get_close_matches(field.casefold(), names, n=2):
            yield f"{name}:"
    if problem.code == "unknown_value" and colon:
        _, tilde, distance = value.strip('"“”„«»').partition("~")
        for label in problem.suggestions:
            text = f"{label}{tilde}{distance}"
            yield f'{field}:"{text}"' if " " in text else f"{field}:{text}"


def _has_fewer_problems(corrected: str, query: SearchQuery) -> bool:
    """Return whether a corrected query has fewer problems."""
    before, after = (parse(text).problems for text in (query.typed, corrected))
    return len(after) < len(before)


def _fix(query: SearchQuery, text: str, label: str) -> Link:
    return Link(label, search_url(replace(query, text=text, typed="", page=1)))
