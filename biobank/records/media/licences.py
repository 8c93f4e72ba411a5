"""Accepted licences of pictures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from biobank.common.messages import Message, gettext_noop


@dataclass(frozen=True)
class Licence:
    """A licence; `url` leads to its terms, if they are published."""

    name: Message
    url: str = ""

    @property
    def id(self) -> str:
        """Return the value in records: the English name."""
        return self.name.text

    def label(self, lang: str) -> str:
        return self.name.translate(lang)


def _creative_commons(name: str, path: str) -> Licence:
    """Return a Creative Commons licence; its name is the same in every language."""
    return Licence(Message(name), f"https://creativecommons.org/{path}/")


_ALL: Final = (
    _creative_commons("CC0 1.0", "publicdomain/zero/1.0"),
    _creative_commons("CC BY 4.0", "licenses/by/4.0"),
    _creative_commons("CC BY-SA 4.0", "licenses/by-sa/4.0"),
    _creative_commons("CC BY 3.0", "licenses/by/3.0"),
    _creative_commons("CC BY-SA 3.0", "licenses/by-sa/3.0"),
    Licence(gettext_noop("Public domain"), "https://creativecommons.org/publicdomain/mark/1.0/"),
    Licence(gettext_noop("Own work, by permission")),
    Licence(gettext_noop("By permission of the rights holder")),
)
#: Licences by id, in the order of the selection list: the most permissive first.
LICENCES: Final[Mapping[str, Licence]] = {licence.id: licence for licence in _ALL}


def find_licence(text: str) -> Licence | None:
    """Return the licence of a name in any spelling: CC-BY-4.0, cc by 4.0."""
    return _BY_NAME.get(_normalize_name(text))


def _normalize_name(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


_BY_NAME: Final = {
    **{_normalize_name(licence.id): licence for licence in _ALL},
    "cc0": LICENCES["CC0 1.0"],
    "pd": LICENCES["Public domain"],
}
