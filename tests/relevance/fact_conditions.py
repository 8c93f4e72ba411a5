"""Conditions on identity and contents of a record."""

from biobank.names.folding import fold_word, tokens
from biobank.records.people.citations import strip_citations
from biobank.records.vocabulary.models import term_key
from tests.relevance.oracle import Condition, Record, RecordBank, cited_sources


def has_gender(*genders: str) -> Condition:
    return lambda _, person: person.get("gender", "unknown") in genders


def has_name_word(word: str) -> Condition:
    """Match people with the word in a name, as written."""
    return lambda _, person: any(fold_word(word) in folded_words(name["text"]) for name in person["names"])


def has_profession(*terms: str) -> Condition:
    """Match people with one of the professions or a narrower one."""
    return lambda bank, person: (
        not set(terms).isdisjoint(bank.catalogue.broader_terms("profession", person.get("professions", [])))
    )


def is_member_of(*organisations: str) -> Condition:
    return lambda _, person: any(
        part["organisation"] in organisations for part in person.get("memberships", [])
    )


def has_award(*awards: str) -> Condition:
    return lambda _, person: any(part["award"] in awards for part in person.get("awards", []))


def is_related_to(person_id: str) -> Condition:
    return lambda bank, person: any(person_id_ == person_id for _, person_id_ in bank.relations(person))


def has_relation(*kinds: str) -> Condition:
    """Match people with a relation of the given types: a person with a teacher was taught."""
    return lambda bank, person: any(kind in kinds for kind, _ in bank.relations(person))


def has_as(kind: str, person_id: str) -> Condition:
    """Match people to whom a person is related in this way: whose teacher they are."""
    return lambda bank, person: (kind, person_id) in bank.relations(person)


def had_event(*kinds: str) -> Condition:
    return lambda _, person: any(event.get("type") in kinds for event in person.get("events", []))


def has_no_relations(bank: RecordBank, person: Record) -> bool:
    return not bank.relations(person)


# Contents


def has_work_with(word: str) -> Condition:
    """Match people with the word in the title or type of a work."""

    def has_work(bank: RecordBank, person: Record) -> bool:
        return any(fold_word(word) in folded_words(text) for text in work_texts(bank, person))

    return has_work


def has_work_with_phrase(phrase: str) -> Condition:
    """Match people with the phrase in the title or type of a work."""
    return lambda bank, person: any(_contains_phrase(text, phrase) for text in work_texts(bank, person))


def cites(source: str) -> Condition:
    return lambda _, person: source in cited_sources(person)


def cites_title(phrase: str) -> Condition:
    """Match people with the phrase in the title of a cited source."""
    return lambda bank, person: any(
        _contains_phrase(bank.sources[source]["csl"]["title"], phrase) for source in cited_sources(person)
    )


def has_text(phrase: str) -> Condition:
    """Match people with the phrase in a biography, headline or event."""
    return lambda _, person: any(_contains_phrase(text, phrase) for text in person_texts(person))


def has_text_prefix(prefix: str) -> Condition:
    """Match people with a word in these texts that has the prefix."""
    return lambda _, person: any(
        word.startswith(fold_word(prefix)) for text in person_texts(person) for word in folded_words(text)
    )


def person_texts(person: Record) -> list[str]:
    """Return biographies, headlines and events in every language without citation marks."""
    parts = [person.get("biography", {}), person.get("headline", {})]
    parts += [event.get("text", {}) for event in person.get("events", [])]
    return [strip_citations(text) for part in parts for text in part.values()]


def work_texts(bank: RecordBank, person: Record) -> list[str]:
    """Return titles and type labels of works in every language."""
    texts: list[str] = []
    for work in person.get("works", []):
        texts += work["title"].values()
        if "type" in work:
            term = bank.catalogue.terms[term_key("work", work["type"])]
            texts += term["labels"].values()
            texts += [word for alt in term.get("alt", {}).values() for word in alt]
    return texts


def folded_words(text: str) -> list[str]:
    return [fold_word(token.text) for token in tokens(text)]


def _contains_phrase(text: str, phrase: str) -> bool:
    phrase_words, text_words = folded_words(phrase), folded_words(text)
    return any(text_words[at : at + len(phrase_words)] == phrase_words for at in range(len(text_words)))
