"""The passages of a record that may answer a question: its events, works, posts and sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from biobank.names.folding import fold, tokens
from biobank.records.catalogue import Catalogue
from biobank.records.people.record import PersonRecord
from biobank.records.people.sentences import split_sentences
from biobank.records.people.statement_ids import sentence_id
from biobank.records.vocabulary.models import term_key
from biobank.search.answers.facts import format_date
from biobank.search.answers.patterns import QuestionGrammar, WordPattern
from biobank.search.answers.windows import SoughtWord, WordWindow, find_window

#: Maximum number of sentences of one biography that are searched.
MAX_SENTENCES = 200
#: A window may hold this number of other words for each word sought, and at least one: "the republic's anthem".
MAX_OTHERS_PER_WORD = 0.5
#: Maximum number of words between a word such as "father" and the name.
MAX_NAME_DISTANCE = 5


@dataclass(frozen=True)
class RecordPassage:
    """A text of a record that can be quoted; `labels` are words that describe it and are not shown."""

    field: str
    text: str
    cites: Sequence[tuple[str, str]]
    labels: str = ""
    #: The label of the type of an event.
    label: str = ""
    date: str = ""
    #: The id of a sentence; facts have theirs by `field`.
    statement_id: str = ""
    window: WordWindow | None = None

    @property
    def has_date(self) -> bool:
        return bool(self.date) or any(character.isdigit() for character in self.text)

    @property
    def matching_text(self) -> str:
        """Return the part of the text that holds the words sought."""
        start, end = self.window.span if self.window else (0, len(self.text))
        return self.text[start:end]

    @property
    def others(self) -> int:
        """Return the number of words among those sought that are not sought."""
        return self.window.others if self.window else 0


def find_passages(
    record: PersonRecord, grammar: QuestionGrammar, catalogue: Catalogue, sought: Sequence[SoughtWord]
) -> list[RecordPassage]:
    """Return the passages in the language of the grammar that hold all words sought, the closest first."""
    passages = []
    for passage in _passages(record, grammar, catalogue):
        window = find_window(f"{passage.text} {passage.labels}", grammar.lang, sought)
        if window and window.others <= max(1, int(MAX_OTHERS_PER_WORD * len(sought))):
            passages.append(replace(passage, window=window))
    return sorted(passages, key=lambda passage: passage.window.size if passage.window else 0)


def _passages(
    record: PersonRecord, grammar: QuestionGrammar, catalogue: Catalogue
) -> Iterator[RecordPassage]:
    lang = grammar.lang
    yield from _sentences(record, lang)
    yield RecordPassage(f"headline.{lang}", record.get("headline", {}).get(lang, ""), ())
    yield RecordPassage(f"connection.{lang}", record.get("connection", {}).get(lang, ""), ())
    for number, event in enumerate(record.get("events", ())):
        if text := event.get("text", {}).get(lang, ""):
            labels = _labels(catalogue, "event", event.get("type", ""), lang)
            date = format_date(event.get("date"), lang)
            label = catalogue.term_label("event", event["type"], lang) if event.get("type") else ""
            yield RecordPassage(f"events[{number}]", text, cites_of(event), labels, label, date)
    for number, membership in enumerate(record.get("memberships", ())):
        role = membership.get("role", {}).get(lang, "")
        if role and membership["organisation"] in catalogue.organisations:
            text = f"{role}, {catalogue.organisation_name(membership['organisation'], lang)}"
            date = format_date(membership.get("date"), lang)
            yield RecordPassage(f"memberships[{number}]", text, cites_of(membership), date=date)


def sentences_with(
    record: PersonRecord, grammar: QuestionGrammar, pattern: WordPattern
) -> list[RecordPassage]:
    """Return the sentences of the biography with a word of `pattern` and a name near it."""
    return [passage for passage in _sentences(record, grammar.lang) if _has_name_near(passage.text, pattern)]


def _sentences(record: PersonRecord, lang: str) -> Iterator[RecordPassage]:
    """Yield the sentences of the biography in a language."""
    sentences = split_sentences(record.get("biography", {}).get(lang, ""), lang)
    for sentence in islice(sentences, MAX_SENTENCES):
        id_ = sentence_id(lang, sentence.paragraph, sentence.number)
        yield RecordPassage(f"biography.{lang}", sentence.text, sentence.cites, statement_id=id_)


def _has_name_near(text: str, pattern: WordPattern) -> bool:
    """Return whether a capitalised word, other than the first, is near a word of the pattern."""
    words = [token.text for token in tokens(text)]
    for position, word in enumerate(words):
        if pattern.matches(fold(word)):
            near = words[max(1, position - MAX_NAME_DISTANCE) : position + MAX_NAME_DISTANCE + 1]
            if any(other[0].isupper() and other is not word for other in near):
                return True
    return False


def _labels(catalogue: Catalogue, vocabulary: str, term_id: str, lang: str) -> str:
    term = catalogue.terms.get(term_key(vocabulary, term_id), {})
    return " ".join((term.get("labels", {}).get(lang, ""), *term.get("alt", {}).get(lang, ())))


def cites_of(part: Any) -> tuple[tuple[str, str], ...]:
    """Return the citations of a part of a record as pairs of source and locator."""
    return tuple((cite["source"], cite.get("locator", "")) for cite in part.get("cites", ()))
