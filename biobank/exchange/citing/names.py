"""The people and bodies of a cited work, and how the styles write a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Initials written together: `J.K.` is two.
INITIALS = re.compile(r"(?:\w\.){2,}")


@dataclass(frozen=True)
class Name:
    """A person by parts, or a body (or a name that has no parts) as `literal`."""

    family: str = ""
    given: str = ""
    #: `von`, `bin`: before the family name; it counts when people are put in order.
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def last(self) -> str:
        """What stands first in a list: the family name with its particle, or the body."""
        return self.literal or " ".join(part for part in (self.particle, self.family) if part)

    @property
    def inverted(self) -> str:
        """`Neumann, John von, Jr.`"""
        return self._listed(self.given)

    @property
    def inverted_initials(self) -> str:
        """`Köçərli, F. bəy`"""
        return self._listed(initials(self.given))

    @property
    def direct(self) -> str:
        """`Firudin bəy Köçərli`"""
        return self._spoken(self.given)

    @property
    def initials_first(self) -> str:
        """`F. bəy Köçərli`"""
        return self._spoken(initials(self.given))

    @property
    def spaced(self) -> str:
        """`Köçərli F. bəy`, as GOST asks."""
        return " ".join(
            part for part in (self.last, initials(self.given) if self.family else "") if part
        )

    def _listed(self, given: str) -> str:
        return ", ".join(part for part in (self.last, given, self.suffix) if part)

    def _spoken(self, given: str) -> str:
        spoken = " ".join(part for part in (given, self.last) if part)
        return f"{spoken} {self.suffix}".strip()


def initials(given: str) -> str:
    """`Elmaddin Ali oglu` as `E. A. oglu`, `Жан-Поль` as `Ж.-П.`.

    What is short already stays: `Дж.` is one initial and `Аз.` was chosen by its bearer. So do
    the words of a patronymic, and scripts that have no capitals and thus no initials.
    """
    words = INITIALS.sub(lambda found: found[0].replace(".", ". "), given).split()
    return " ".join(map(_initial, words))


def _initial(word: str) -> str:
    if word.endswith(".") or word[0] == word[0].swapcase() or word[0].islower():
        return word
    return "-".join(f"{part[0]}." for part in word.split("-") if part)


def read_names(value: Any) -> tuple[Name, ...]:
    """The names of a CSL variable; what is no name is left out."""
    parts = value if isinstance(value, list) else []
    names = (_read(part) for part in parts if isinstance(part, Mapping))
    return tuple(name for name in names if name.last)


def csl_names(names: tuple[Name, ...]) -> list[dict[str, str]]:
    """Names as CSL-JSON has them."""
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
    """A text or a number of CSL-JSON in one line; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())
