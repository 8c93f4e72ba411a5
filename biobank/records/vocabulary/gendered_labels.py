"""Labels of terms by gender."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

#: Patterns of feminine labels in the vocabularies.
FEMININE_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "az": re.compile(r"^qadın \w+$|^(?:şairə|müəllimə|aktrisa|rəqqasə)$"),
    "en": re.compile(r"\b(?:\w*woman|\w+(?:tr|et)ess)\b"),
    "ru": re.compile(r"женщина|\w(?:есса|ица|истка|риса|ерка|анка|енка|ерина|иня)\b"),
}


def labels_for_gender(term: Mapping[str, Any], lang: str, gender: str = "female") -> Iterator[str]:
    """Yield the label and alternative labels of a term, feminine ones for women only."""
    labels = (term.get("labels", {}).get(lang, ""), *term.get("alt", {}).get(lang, ()))
    for label in labels:
        if label and (gender == "female" or not is_feminine(label, lang)):
            yield label


def is_feminine(label: str, lang: str) -> bool:
    """Return whether a label is feminine: poetess, актриса, şairə."""
    return bool(FEMININE_PATTERNS[lang].search(label))
