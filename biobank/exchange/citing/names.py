"""Creators of cited works, and how citation styles write their names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Initials without spaces: `J.K.` is two initials.
INITIALS = re.compile(r"(?:\w\.){2,}")


@dataclass(frozen=True)
class Name:
    """A person's name in parts; an institution, or a name without parts, is `literal`."""

    family: str = ""
    given: str = ""
    #: A particle before the family name, such as `von` or `bin`; part of the sort order.
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def last(self) -> str:
        """Return the sort name: the family name with its particle, or the literal."""
        return self.literal or " ".join(part for part in (self.particle, self.family) if part)

    @property
    def inverted(self) -> str:
        """Return `Neumann, John von, Jr.`."""
        return self._listed(self.given)

    @property
    def inverted_initials(self) -> str:
        """Return `Köçərli, F. bəy`."""
        return self._listed(initials(self.given))

    @property
    def direct(self) -> str:
        """Return `Firudin bəy Köçərli`."""
        return self._spoken(self.given)

    @property
    def initials_first(self) -> str:
        """Return `F. bəy Köçərli`."""
        return self._spoken(initials(self.given))

    @property
    def spaced(self) -> str:
        """Return `Köçərli F. bəy`, as GOST requires."""
        return " ".join(
            part for part in (self.last, initials(self.given) if self.family else "") if part
        )

    def _listed(self, given: str) -> str:
        return ", ".join(part for part in (self.last, given, self.suffix) if part)

    def _spoken(self, given: str) -> str:
        spoken = " ".join(part for part in (given, self.last) if part)
        return f"{spoken} {self.suffix}".strip()


def initials(given: str) -> str:
    """Abbreviate `Elmaddin Ali oglu` to `E. A. oglu`, `Жан-Поль` to `Ж.-П.`.

    Existing abbreviations stay: `Дж.` is one initial, and the person chose `Аз.`. So do the words
    of a patronymic, and scripts without capitals, which have no initials.
    """
    words = INITIALS.sub(lambda found: found[0].replace(".", ". "), given).split()
    return " ".join(map(_initial, words))


def _initial(word: str) -> str:
    if word.endswith(".") or word[0] == word[0].swapcase() or word[0].islower():
        return word
    return "-".join(f"{part[0]}." for part in word.split("-") if part)


def read_names(value: Any) -> tuple[Name, ...]:
    """Parse the names of a CSL variable; invalid ones are skipped."""
    parts = value if isinstance(value, list) else []
    names = (_read(part) for part in parts if isinstance(part, Mapping))
    return tuple(name for name in names if name.last)


def csl_names(names: tuple[Name, ...]) -> list[dict[str, str]]:
    """Convert names to CSL-JSON."""
    return [_written(name) for name in names]


def _read(part: Mapping[str, Any]) -> Name:
    if literal := plain(part.get("literal")):
        return Name(literal=literal)
    family, given = plain(part.get("family")), plain(part.get("given"))
    if not family:
        return Name(literal=given)
    given = f"{given} {plain(part.get('dropping-particle'))}".strip()
    return Name(family, given, plain(part.get("non-dropping-particle")), plain(part.get("suffix")))


def _written(name: Name) -> dict[str, str]:
    parts = {
        "literal": name.literal,
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def plain(value: Any) -> str:
    """Return a CSL-JSON text or number in one line; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())
