"""Labels of terms by gender."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from biobank.common.i18n import LANGUAGES

#: Patterns of feminine labels in the vocabularies.
FEMININE_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "az": re.compile(r"^qadın \w+$|^(?:şairə|müəllimə|aktrisa|rəqqasə|balerina)$"),
    "en": re.compile(r"\b(?:\w*woman|\w+(?:tr|et)ess|ballerina|aviatrix)\b"),
    "ru": re.compile(r"женщина|\w(?:есса|ица|истка|риса|ерка|анка|енка|ерина|иня)\b"),
}


def all_labels(term: Mapping[str, Any], langs: Sequence[str] = LANGUAGES) -> Iterator[str]:
    """Yield the labels of a term, its alternative labels and those for women, without repeats."""
    for lang in langs:
        alternatives = term.get("alt", {}).get(lang, ())
        labels = (term.get("labels", {}).get(lang), *alternatives, term.get("feminine", {}).get(lang))
        yield from dict.fromkeys(filter(None, labels))


def labels_for_gender(term: Mapping[str, Any], lang: str, gender: str = "female") -> Iterator[str]:
    """Yield the label and alternative labels of a term, feminine ones for women only."""
    feminine = term.get("feminine", {}).get(lang)
    for label in all_labels(term, [lang]):
        if gender == "female" or not (label == feminine or is_feminine(label, lang)):
            yield label


def is_feminine(label: str, lang: str) -> bool:
    """Return whether a label is feminine: poetess, актриса, şairə."""
    return bool(FEMININE_PATTERNS[lang].search(label))
