"""How a frame looks: the theme and colours that its address asks for, and the policy it has."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from biobank.errors import BadQuery
from biobank.web.embed.contrast import readable_on

THEMES: Final = ("auto", "light", "dark")
#: What may be coloured, in the order of the form; the names are those of the element's properties.
COLOURS: Final = ("accent", "ground", "ink")
HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Look:
    """`colours` are pairs of a name and six hexadecimal digits; what is not set is the bank's."""

    theme: str = THEMES[0]
    colours: tuple[tuple[str, str], ...] = ()

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """The colours, and beside that of the button what is written on it."""
        found = dict(self.colours)
        if "accent" in found:
            found["on-accent"] = readable_on(found["accent"])
        return tuple(found.items())

    @property
    def style(self) -> str:
        """The rules of one's own colours; empty where there are none."""
        rules = "".join(f"--{name}:#{digits};" for name, digits in self.rules)
        return f":root:root{{{rules}}}" if rules else ""

    @property
    def address(self) -> list[tuple[str, str]]:
        """As the address of a frame says it; defaults left out."""
        theme = [("theme", self.theme)] if self.theme != THEMES[0] else []
        return [*theme, *self.colours]


def look_from(arguments: Mapping[str, str]) -> Look:
    """What an address asks for.

    Raises:
        BadQuery: naming the argument and what it takes.
    """
    theme = arguments.get("theme", "").strip() or THEMES[0]
    if theme not in THEMES:
        raise BadQuery(f"theme takes one of {', '.join(THEMES)}.")
    return Look(theme, tuple(_colours(arguments)))


def _colours(arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for name in COLOURS:
        if text := arguments.get(name, "").strip():
            digits = HEX.fullmatch(text)
            if digits is None:
                raise BadQuery(f"{name} takes a colour of six hexadecimal digits, as 7f2129.")
            found.append((name, digits[1].lower()))
    return found


def policy_of(look: Look) -> str:
    """A frame runs no script and asks the bank alone; any site may show it."""
    digest = b64encode(sha256(look.style.encode()).digest()).decode()
    own = f" 'sha256-{digest}'" if look.style else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'self'{own}",
            "img-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors *",
        )
    )
