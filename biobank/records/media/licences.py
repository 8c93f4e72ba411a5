"""Accepted licences of pictures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from biobank.common.i18n import LocalizedText, best_text


@dataclass(frozen=True)
class Licence:
    """A licence. `id` is the value in records; `url` leads to its terms, if they are published."""

    id: str
    labels: LocalizedText
    url: str = ""

    def label(self, lang: str) -> str:
        return best_text(self.labels, lang)


def _creative_commons(name: str, path: str) -> Licence:
    """Return a Creative Commons licence; its name is the same in every language."""
    url = f"https://creativecommons.org/{path}/"
    return Licence(name, dict.fromkeys(("az", "en", "ru"), name), url)


_ALL: Final = (
    _creative_commons("CC0 1.0", "publicdomain/zero/1.0"),
    _creative_commons("CC BY 4.0", "licenses/by/4.0"),
    _creative_commons("CC BY-SA 4.0", "licenses/by-sa/4.0"),
    _creative_commons("CC BY 3.0", "licenses/by/3.0"),
    _creative_commons("CC BY-SA 3.0", "licenses/by-sa/3.0"),
    Licence(
        "Public domain",
        {"az": "İctimai mülkiyyət", "en": "Public domain", "ru": "Общественное достояние"},
        "https://creativecommons.org/publicdomain/mark/1.0/",
    ),
    Licence(
        "Own work, by permission",
        {
            "az": "Müəllifin öz işi, icazəsi ilə",
            "en": "Own work, by permission",
            "ru": "Собственная работа, с разрешения автора",
        },
    ),
    Licence(
        "By permission of the rights holder",
        {
            "az": "Hüquq sahibinin icazəsi ilə",
            "en": "By permission of the rights holder",
            "ru": "С разрешения правообладателя",
        },
    ),
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
