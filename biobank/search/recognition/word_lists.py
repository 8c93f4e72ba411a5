"""The words of each language that form conditions, from `words/*.yaml`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from biobank.common.i18n import LANGUAGES

WORDS_FOLDER: Final = files("biobank.search.recognition") / "words"
MALE, FEMALE, ANY = "male", "female", "any"


@dataclass(frozen=True)
class GrammarPhrase:
    """A phrase of the grammar: its role, the values it stands for, and whether it is inflected."""

    text: str
    lang: str
    role: str
    values: tuple[str, ...] = ()
    gender: str = ""
    inflected: bool = False


@cache
def load_words(lang: str) -> Mapping[str, Any]:
    """Return the content of the file of a language."""
    words: Mapping[str, Any] = yaml.safe_load((WORDS_FOLDER / f"{lang}.yaml").read_text("utf-8"))
    return words


def grammar_phrases() -> Iterator[GrammarPhrase]:
    """Yield the phrases of all languages."""
    for lang in LANGUAGES:
        nouns, forms = load_words(lang)["nouns"], load_words(lang)["forms"]
        for role in ("people", "member", "awarded", "author"):
            yield from (GrammarPhrase(text, lang, role, inflected=True) for text in nouns[role])
        for gender, texts in nouns["gender"].items():
            yield from (GrammarPhrase(text, lang, "gender", (gender,), inflected=True) for text in texts)
        yield from _relation_phrases(nouns["relations"], lang)
        for role, texts in forms.items():
            if role != "events":
                yield from (GrammarPhrase(text, lang, role) for text in texts)
        for values, texts in forms["events"].items():
            yield from (GrammarPhrase(text, lang, "event", tuple(values.split())) for text in texts)


def _relation_phrases(relations: Mapping[str, Mapping[str, list[str]]], lang: str) -> Iterator[GrammarPhrase]:
    for relation, texts_by_gender in relations.items():
        for gender, texts in texts_by_gender.items():
            known_gender = "" if gender == ANY else gender
            for text in texts:
                yield GrammarPhrase(text, lang, "relation", (relation,), known_gender, inflected=True)


def place_adjectives() -> Iterator[tuple[str, str]]:
    """Yield the Russian adjectives and names of residents, each with the place they belong to."""
    for place, adjectives in load_words("ru")["place_adjectives"].items():
        yield from ((adjective, place) for adjective in adjectives)
