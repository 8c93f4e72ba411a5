"""Creators of cited works, and how citation styles write their names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Initials without spaces: `J.K.` is two initials.
JOINED_INITIALS = re.compile(r"(?:\w\.){2,}")


@dataclass(frozen=True)
class CreatorName:
    """A person's name in parts; an institution, or a name without parts, is `literal`."""

    family: str = ""
    given: str = ""
    #: A particle before the family name, such as `von` or `bin`; part of the sort order.
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def sort_name(self) -> str:
        """Return the sort name: the family name with its particle, or the literal."""
        return self.literal or " ".join(part for part in (self.particle, self.family) if part)

    @property
    def inverted(self) -> str:
        """Return `Neumann, John von, Jr.`."""
        return self._inverted_with(self.given)

    @property
    def inverted_initials(self) -> str:
        """Return `Köçərli, F. bəy`."""
        return self._inverted_with(abbreviate_given(self.given))

    @property
    def direct(self) -> str:
        """Return `Firudin bəy Köçərli`."""
        return self._direct_with(self.given)

    @property
    def initials_first(self) -> str:
        """Return `F. bəy Köçərli`."""
        return self._direct_with(abbreviate_given(self.given))

    @property
    def inverted_without_comma(self) -> str:
        """Return `Köçərli F. bəy`, as GOST requires."""
        return " ".join(
            part for part in (self.sort_name, abbreviate_given(self.given) if self.family else "") if part
        )

    def _inverted_with(self, given: str) -> str:
        return ", ".join(part for part in (self.sort_name, given, self.suffix) if part)

    def _direct_with(self, given: str) -> str:
        full_name = " ".join(part for part in (given, self.sort_name) if part)
        return f"{full_name} {self.suffix}".strip()


def abbreviate_given(given: str) -> str:
    """Abbreviate `Elmaddin Ali oglu` to `E. A. oglu`, `Жан-Поль` to `Ж.-П.`.

    Existing abbreviations stay: `Дж.` is one initial, and the person chose `Аз.`. So do the words
    of a patronymic, and scripts without capitals, which have no initials.
    """
    words = JOINED_INITIALS.sub(lambda match: match[0].replace(".", ". "), given).split()
    return " ".join(map(_abbreviate_word, words))


def _abbreviate_word(word: str) -> str:
    if word.endswith(".") or word[0] == word[0].swapcase() or word[0].islower():
        return word
    return "-".join(f"{part[0]}." for part in word.split("-") if part)


def parse_names(value: Any) -> tuple[CreatorName, ...]:
    """Parse the names of a CSL variable; invalid ones are skipped."""
    parts = value if isinstance(value, list) else []
    names = (_parse_name(part) for part in parts if isinstance(part, Mapping))
    return tuple(name for name in names if name.sort_name)


def names_to_csl(names: tuple[CreatorName, ...]) -> list[dict[str, str]]:
    """Convert names to CSL-JSON."""
    return [_name_to_csl(name) for name in names]


def _parse_name(part: Mapping[str, Any]) -> CreatorName:
    if literal := to_plain_text(part.get("literal")):
        return CreatorName(literal=literal)
    family, given = to_plain_text(part.get("family")), to_plain_text(part.get("given"))
    if not family:
        return CreatorName(literal=given)
    given = f"{given} {to_plain_text(part.get('dropping-particle'))}".strip()
    return CreatorName(
        family, given, to_plain_text(part.get("non-dropping-particle")), to_plain_text(part.get("suffix"))
    )


def _name_to_csl(name: CreatorName) -> dict[str, str]:
    parts = {
        "literal": name.literal,
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def to_plain_text(value: Any) -> str:
    """Return a CSL-JSON text or number in one line; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())
