"""Question patterns: which fact a question asks for, and which words name the subject.

A pattern is a set of words in any order, because Azerbaijani and Russian questions have no fixed one.
In the data files `a|b` is either of two words, `doğul*` any word that begins so, and a word in capitals a
list under `classes`. Words are compared folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import fold, tokens

#: A closing quotation mark at the end of a word.
_QUOTED_WORD_END = re.compile(r"\w[”»\"’']$")
#: Maximum number of words of a question; longer texts are no questions.
MAX_QUESTION_WORDS = 24


@dataclass(frozen=True)
class QuestionWord:
    """A word of a question at `start:end` of the text, and its folded form."""

    text: str
    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class WordPattern:
    """Alternative words: exact folded forms, and prefixes."""

    forms: frozenset[str]
    prefixes: tuple[str, ...]

    def matches(self, folded: str) -> bool:
        return folded in self.forms or folded.startswith(self.prefixes)


@dataclass(frozen=True)
class FactPattern:
    """The words that ask for one fact of a person."""

    fact: str
    words: tuple[WordPattern, ...]


@dataclass(frozen=True)
class Activity:
    """Verbs and nouns of one activity, and the types of works that it creates; none if any."""

    id: str
    words: WordPattern
    work_types: frozenset[str]


@dataclass(frozen=True)
class QuestionGrammar:
    """The patterns of one language."""

    lang: str
    #: Words of questions, by what they ask for: who, when, where, what.
    question_words: dict[str, WordPattern]
    fillers: WordPattern
    facts: tuple[FactPattern, ...]
    #: Words by which a sentence says a fact.
    phrases: dict[str, WordPattern]
    activities: tuple[Activity, ...]
    #: Words for a work of any kind.
    works: WordPattern
    demonyms: WordPattern

    def is_question_word(self, folded: str) -> bool:
        return any(pattern.matches(folded) for pattern in self.question_words.values())


@dataclass(frozen=True)
class FactQuestion:
    """A question for `fact` of the person that `subject` names; `words` are those of the pattern."""

    lang: str
    fact: str
    subject: tuple[QuestionWord, ...]
    words: tuple[QuestionWord, ...]


@dataclass(frozen=True)
class OpenQuestion:
    """A question who, when or where something happened; `content` are its words."""

    lang: str
    asks: str
    content: tuple[QuestionWord, ...]


def read_words(text: str) -> tuple[QuestionWord, ...]:
    """Return the words of a text; empty if it is too long for a question.

    An ending after a closing quotation mark, as in “Koroğlu”nu, is no word.
    """
    words = tuple(
        QuestionWord(token.text, fold(token.text), token.start, token.end)
        for token in tokens(text)
        if not _QUOTED_WORD_END.search(text, max(0, token.start - 2), token.start)
    )
    return words if 1 < len(words) <= MAX_QUESTION_WORDS else ()


def fact_questions(words: Sequence[QuestionWord], grammar: QuestionGrammar) -> Iterator[FactQuestion]:
    """Yield the facts that a text may ask for, those with most words first."""
    asking = [grammar.is_question_word(word.folded) or grammar.fillers.matches(word.folded) for word in words]
    if not any(grammar.is_question_word(word.folded) for word in words):
        return
    for pattern in grammar.facts:
        used = _match(pattern.words, words)
        if used is None:
            continue
        subject = tuple(
            word for number, word in enumerate(words) if number not in used and not asking[number]
        )
        if subject:
            asked_by = tuple(words[number] for number in sorted(used))
            yield FactQuestion(grammar.lang, pattern.fact, subject, asked_by)


def open_question(words: Sequence[QuestionWord], grammar: QuestionGrammar) -> OpenQuestion | None:
    """Return the question with its words of content; None for a text that asks nothing."""
    for asks, question_word in grammar.question_words.items():
        if any(question_word.matches(word.folded) for word in words):
            content = tuple(
                word
                for word in words
                if not (grammar.is_question_word(word.folded) or grammar.fillers.matches(word.folded))
            )
            return OpenQuestion(grammar.lang, asks, content)
    return None


def _match(patterns: Sequence[WordPattern], words: Sequence[QuestionWord]) -> set[int] | None:
    """Return the positions of distinct words that match all patterns; None if some pattern has none."""
    used: set[int] = set()
    for pattern in patterns:
        position = next(
            (
                number
                for number, word in enumerate(words)
                if number not in used and pattern.matches(word.folded)
            ),
            None,
        )
        if position is None:
            return None
        used.add(position)
    return used


@lru_cache(maxsize=1)
def load_grammars() -> tuple[QuestionGrammar, ...]:
    """Return the grammars of all languages."""
    return tuple(_load_grammar(lang) for lang in LANGUAGES)


def is_question(words: Sequence[QuestionWord]) -> bool:
    """Return whether some word asks a question in any of the languages."""
    return any(grammar.is_question_word(word.folded) for grammar in load_grammars() for word in words)


def _load_grammar(lang: str) -> QuestionGrammar:
    text = (resources.files(__package__) / "data" / f"{lang}.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    work_types = _load_work_types()
    classes: dict[str, str] = data["classes"]
    facts = [
        FactPattern(fact, tuple(_word_pattern(_expand(word, classes)) for word in line.split()))
        for fact, lines in data["facts"].items()
        for line in lines
    ]
    return QuestionGrammar(
        lang=lang,
        question_words={asks: _word_pattern(words) for asks, words in data["question_words"].items()},
        fillers=_word_pattern(data["fillers"]),
        # The sort is stable: among patterns of equal length the first one of the file wins.
        facts=tuple(sorted(facts, key=lambda fact: -len(fact.words))),
        phrases={fact: _word_pattern(words) for fact, words in data["phrases"].items()},
        activities=tuple(
            Activity(id_, _word_pattern(words), frozenset(work_types.get(id_, ())))
            for id_, words in data["activities"].items()
        ),
        works=_word_pattern(data["works"]),
        demonyms=_word_pattern(data["demonyms"]),
    )


def _load_work_types() -> dict[str, list[str]]:
    text = (resources.files(__package__) / "data" / "activities.yaml").read_text("utf-8")
    data: dict[str, list[str]] = yaml.safe_load(text)
    return data


def _expand(alternatives: str, classes: dict[str, str]) -> str:
    """Replace the names of classes by their words."""
    return " ".join(classes.get(word, word) for word in alternatives.split("|"))


def _word_pattern(text: str) -> WordPattern:
    """Return the pattern of alternatives, separated by `|` or white space."""
    words = text.replace("|", " ").split()
    return WordPattern(
        frozenset(fold(word) for word in words if not word.endswith("*")),
        tuple(fold(word[:-1]) for word in words if word.endswith("*")),
    )
