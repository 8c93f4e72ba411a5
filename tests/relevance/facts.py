"""Conditions on identity and contents of a record."""

from biobank.names.folding import fold_word, tokens
from biobank.records.people.citations import without_citations
from biobank.records.vocabulary.models import term_key
from tests.relevance.bank import Bank, Condition, Record, cited


def is_(*genders: str) -> Condition:
    return lambda _, person: person.get("gender", "unknown") in genders


def called(word: str) -> Condition:
    """Match people with the word in a name, as written."""
    return lambda _, person: any(fold_word(word) in words(name["text"]) for name in person["names"])


def has_profession(*terms: str) -> Condition:
    """Match people with one of the professions or a narrower one."""
    return lambda bank, person: (
        not set(terms).isdisjoint(
            bank.catalogue.broader_terms("profession", person.get("professions", []))
        )
    )


def belonged_to(*organisations: str) -> Condition:
    return lambda _, person: any(
        part["organisation"] in organisations for part in person.get("memberships", [])
    )


def was_given(*awards: str) -> Condition:
    return lambda _, person: any(part["award"] in awards for part in person.get("awards", []))


def tied_to_person(person_id: str) -> Condition:
    return lambda bank, person: any(other == person_id for _, other in bank.ties(person))


def has_a(*kinds: str) -> Condition:
    """Match people with a relation of the given types: a person with a teacher was taught."""
    return lambda bank, person: any(kind in kinds for kind, _ in bank.ties(person))


def is_tied_to_nobody(bank: Bank, person: Record) -> bool:
    return not bank.ties(person)


# Contents


def made(word: str) -> Condition:
    """Match people with the word in the title or type of a work."""

    def wrote(bank: Bank, person: Record) -> bool:
        return any(fold_word(word) in words(text) for text in work_texts(bank, person))

    return wrote


def made_in_words(phrase: str) -> Condition:
    """Match people with the phrase in the title or type of a work."""
    return lambda bank, person: any(_has(text, phrase) for text in work_texts(bank, person))


def cites(source: str) -> Condition:
    return lambda _, person: source in cited(person)


def cites_in_words(phrase: str) -> Condition:
    """Match people with the phrase in the title of a cited source."""
    return lambda bank, person: any(
        _has(bank.sources[source]["csl"]["title"], phrase) for source in cited(person)
    )


def in_text(phrase: str) -> Condition:
    """Match people with the phrase in a biography, headline or event."""
    return lambda _, person: any(_has(text, phrase) for text in told(person))


def in_text_begins(prefix: str) -> Condition:
    """Match people with a word in these texts that has the prefix."""
    return lambda _, person: any(
        word.startswith(fold_word(prefix)) for text in told(person) for word in words(text)
    )


def told(person: Record) -> list[str]:
    """Return biographies, headlines and events in every language without citation marks."""
    parts = [person.get("biography", {}), person.get("headline", {})]
    parts += [event.get("text", {}) for event in person.get("events", [])]
    return [without_citations(text) for part in parts for text in part.values()]


def work_texts(bank: Bank, person: Record) -> list[str]:
    """Return titles and type labels of works in every language."""
    texts: list[str] = []
    for work in person.get("works", []):
        texts += work["title"].values()
        if "type" in work:
            term = bank.catalogue.terms[term_key("work", work["type"])]
            texts += term["labels"].values()
            texts += [word for alt in term.get("alt", {}).values() for word in alt]
    return texts


def words(text: str) -> list[str]:
    return [fold_word(token.text) for token in tokens(text)]


def _has(text: str, phrase: str) -> bool:
    wanted, found = words(phrase), words(text)
    return any(found[at : at + len(wanted)] == wanted for at in range(len(found)))
