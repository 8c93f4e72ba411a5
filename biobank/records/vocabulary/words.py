"""What the people of a term are called, men and women."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: The words of vocabularies by which a language calls women alone.
OF_WOMEN: Final[Mapping[str, re.Pattern[str]]] = {
    "az": re.compile(r"^qadın \w+$|^(?:şairə|müəllimə|aktrisa|rəqqasə)$"),
    "en": re.compile(r"\b(?:\w*woman|\w+(?:tr|et)ess)\b"),
    "ru": re.compile(r"женщина|\w(?:есса|ица|истка|риса|ерка|анка|енка|ерина|иня)\b"),
}


def called(term: Mapping[str, Any], lang: str, gender: str = "female") -> Iterator[str]:
    """The label of a term and its other words in `lang`, those for women of women alone."""
    words = (term.get("labels", {}).get(lang, ""), *term.get("alt", {}).get(lang, ()))
    for word in words:
        if word and (gender == "female" or not is_of_women(word, lang)):
            yield word


def is_of_women(word: str, lang: str) -> bool:
    """Whether `word` calls women alone: poetess, актриса, şairə."""
    return bool(OF_WOMEN[lang].search(word))
