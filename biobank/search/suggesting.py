"""Suggestions of people while a name is typed."""

from biobank.i18n import best
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import Matcher
from biobank.records.date_words import years_in_words
from biobank.records.media.addresses import portrait_of
from biobank.records.people.mapping import Record, preferred_name
from biobank.search.answer import Suggestion

#: Minimum length of the input in characters for similar names, and their minimum score.
SIMILAR_LEAST = 4
SUGGESTED = 0.72


def names_for(matcher: Matcher, text: str, size: int) -> dict[str, str]:
    """Return a name starting with `text` by person id; if there are none, similar names."""
    names = {one.person_id: one.name for one in matcher.complete(text, size)}
    if not names and len(text) >= SIMILAR_LEAST:
        found = matcher.find(text, size)
        names = {one.person_id: one.name for one in found if one.score >= SUGGESTED}
    return names


def make_suggestion(record: Record, matched: str, text: str, lang: str) -> Suggestion:
    """Build a suggestion; `matched` is shown only if it differs from the displayed name."""
    name = preferred_name(record, lang)
    birth, death = (record.get(role, {}).get("date") for role in ("birth", "death"))
    return Suggestion(
        id=record["id"],
        name=name,
        headline=best(record.get("headline"), lang),
        years=years_in_words(birth, death, lang, living="death" not in record),
        matched=told_spelling(name, matched, text),
        portrait=portrait_of(record),
    )


def told_spelling(shown: str, matched: str, text: str) -> str:
    """Return the matched name if the displayed name does not start with `text` itself."""
    return "" if shown == matched or _begins(shown, text) else matched


def _begins(name: str, text: str) -> bool:
    """Return whether each word of `text` starts a word of `name`, as written."""
    words = [fold_word(token.text) for token in tokens(name)]
    typed = [fold_word(token.text) for token in tokens(text)]
    return all(any(word.startswith(part) for word in words) for part in typed)
