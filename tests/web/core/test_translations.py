"""Translations: placeholders, plural forms, punctuation and letters of each language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).parents[3] / "biobank" / "translations"
PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])|(%%)")
#: Cyrillic letters that look like Azerbaijani ones, the schwa first.
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
#: Words of mixed alphabets: a Latin c or o in Russian looks right but cannot be searched.
MIXED = re.compile(r"[a-z][\u0430-\u044f\u0451]|[\u0430-\u044f\u0451][a-z]", re.IGNORECASE)
#: Russian names that the Azerbaijani pages give as examples.
EXAMPLES = ("Гаджибеков",)


@pytest.fixture(scope="module", params=["az", "ru"])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (TRANSLATIONS / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


def test_every_message_is_translated_in_all_plural_forms(catalogue: Catalog) -> None:
    assert not [message.id for message in _messages(catalogue) if not all(_forms(message))]
    assert not [message.id for message in _messages(catalogue) if message.fuzzy]
    assert not catalogue.obsolete
    plural = [message for message in _messages(catalogue) if message.pluralizable]
    assert not [message.id for message in plural if len(message.string) != catalogue.num_plurals]


def test_translation_keeps_placeholders(catalogue: Catalog) -> None:
    assert not [
        (message.id, form)
        for message in _messages(catalogue)
        for form in _forms(message)
        if _placeholders(form) != _placeholders(_ids(message)[-1])
    ]


def test_punctuation_of_the_language(catalogue: Catalog) -> None:
    """Check typography: az “…” and –, ru «…» and —, a single ellipsis, no straight quotes."""
    foreign = "«»„—" if str(catalogue.locale) == "az" else "“”„"
    foreign_punctuation = re.compile(rf"[{foreign}\"]|\.\.\.|\s- ")
    dash = re.compile(r"\s–\s") if str(catalogue.locale) == "ru" else foreign_punctuation
    assert not [
        form
        for message in _messages(catalogue)
        for form in _forms(message)
        if foreign_punctuation.search(form) or dash.search(form)
    ]


def test_letters_are_of_one_alphabet(catalogue: Catalog) -> None:
    forms = [form for message in _messages(catalogue) for form in _forms(message)]
    if str(catalogue.locale) == "ru":
        assert not [form for form in forms if MIXED.search(PLACEHOLDER.sub("", form))]
    else:
        assert not [form for form in forms if CYRILLIC.search(_without_examples(form))]


def test_azerbaijani_suffix_is_never_attached_to_placeholder(catalogue: Catalog) -> None:
    """Check suffixes: the vowel depends on the word before, 2-də but 6-da; % is always faiz."""
    ending = re.compile(r"%\(\w+\)s['’-]?[a-zəıöüğşç]", re.IGNORECASE)
    assert not [form for message in _messages(catalogue) for form in _forms(message) if ending.search(form)]


def test_russian_uses_lowercase_polite_pronouns(catalogue: Catalog) -> None:
    polite = re.compile(r"(?<=[\w,;)] )(?:Вы|Вас|Вам|Вами|Ваш\w*)\b")
    assert not [form for message in _messages(catalogue) for form in _forms(message) if polite.search(form)]


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _placeholders(text: str) -> list[tuple[str, ...]]:
    return sorted(PLACEHOLDER.findall(text))


def _without_examples(form: str) -> str:
    for example in EXAMPLES:
        form = form.replace(example, "")
    return form
