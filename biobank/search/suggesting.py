"""People who are suggested while a name is typed."""

from biobank.i18n import best
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import Matcher
from biobank.records.date_words import years_in_words
from biobank.records.media.addresses import portrait_of
from biobank.records.people.mapping import Record, preferred_name
from biobank.search.answer import Suggestion

#: Letters from which on people are suggested whose names are only like what was typed; how like.
SIMILAR_LEAST = 4
SUGGESTED = 0.72


def names_for(matcher: Matcher, text: str, size: int) -> dict[str, str]:
    """By person, a name that begins as `text` does; where nobody has one, one that is like it."""
    names = {one.person_id: one.name for one in matcher.complete(text, size)}
    if not names and len(text) >= SIMILAR_LEAST:
        found = matcher.find(text, size)
        names = {one.person_id: one.name for one in found if one.score >= SUGGESTED}
    return names


def make_suggestion(record: Record, matched: str, text: str, lang: str) -> Suggestion:
    """`matched` is the name that was completed; another is told only if the one shown is not it."""
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
    """The name that was found for `text`, where the one shown does not begin so itself."""
    return "" if shown == matched or _begins(shown, text) else matched


def _begins(name: str, text: str) -> bool:
    """Whether each word of `text` begins a word of `name`, as they are written."""
    words = [fold_word(token.text) for token in tokens(name)]
    typed = [fold_word(token.text) for token in tokens(text)]
    return all(any(word.startswith(part) for word in words) for part in typed)
