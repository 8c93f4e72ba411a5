"""External ids of the seed's people are valid, unique and documented."""

import re
from collections import Counter
from pathlib import Path

from biobank.records.identifiers import EXTERNAL_CATALOGUES
from tests.support import seed

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "identifiers.md"
ROW = re.compile(rf"^\| (\S+) \| ({'|'.join(EXTERNAL_CATALOGUES)}) \| (\S+) \| .+ \|$", re.MULTILINE)

Id = tuple[str, str, str]


def ids() -> list[Id]:
    """Return person, scheme and id of all external ids."""
    return [
        (person, scheme, value)
        for person, record in seed.people().items()
        for scheme, value in record.get("identifiers", {}).items()
    ]


def test_ids_are_valid_for_their_catalogue() -> None:
    assert [entry for entry in ids() if not EXTERNAL_CATALOGUES[entry[1]].is_valid_id(entry[2])] == []


def test_ids_are_unique() -> None:
    counts = Counter((scheme, value) for _, scheme, value in ids())
    assert [entry for entry, count in counts.items() if count > 1] == []


def test_ids_match_the_documentation() -> None:
    documented = [(match[1], match[2], match[3]) for match in ROW.finditer(DOCUMENT.read_text("utf-8"))]
    assert sorted(documented) == sorted(ids())


def test_check_digits_are_valid() -> None:
    digits = [
        value.replace(" ", "").replace("-", "")
        for _, scheme, value in ids()
        if scheme in SCHEMES_WITH_CHECK_DIGIT
    ]
    digits += [
        EXTERNAL_CATALOGUES[scheme].example.replace(" ", "").replace("-", "")
        for scheme in SCHEMES_WITH_CHECK_DIGIT
    ]
    assert [number for number in digits if check_digit(number[:-1]) != number[-1]] == []


#: Catalogues whose ids end with a check digit of ISO 7064, MOD 11-2.
SCHEMES_WITH_CHECK_DIGIT = ("isni", "orcid")


def check_digit(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)
