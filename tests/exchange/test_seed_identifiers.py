"""External ids of the seed's people are valid, unique and documented."""

import re
from collections import Counter
from pathlib import Path

from biobank.records.identifiers import CATALOGUES
from tests.support import seed

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "identifiers.md"
ROW = re.compile(rf"^\| (\S+) \| ({'|'.join(CATALOGUES)}) \| (\S+) \| .+ \|$", re.MULTILINE)

Id = tuple[str, str, str]


def ids() -> list[Id]:
    """Return person, scheme and id of all external ids."""
    return [
        (person, scheme, value)
        for person, record in seed.people().items()
        for scheme, value in record.get("identifiers", {}).items()
    ]


def test_every_id_is_one_of_a_catalogue_that_the_bank_knows() -> None:
    assert [it for it in ids() if not CATALOGUES[it[1]].has_id(it[2])] == []


def test_no_two_people_have_one_id() -> None:
    times = Counter((scheme, value) for _, scheme, value in ids())
    assert [it for it, count in times.items() if count > 1] == []


def test_every_id_has_its_proof_and_every_proof_its_id() -> None:
    proven = [(found[1], found[2], found[3]) for found in ROW.finditer(DOCUMENT.read_text("utf-8"))]
    assert sorted(proven) == sorted(ids())


def test_check_digits_are_right_where_a_catalogue_has_them() -> None:
    digits = [value.replace(" ", "").replace("-", "") for _, how, value in ids() if how in CHECKED]
    digits += [CATALOGUES[how].example.replace(" ", "").replace("-", "") for how in CHECKED]
    assert [it for it in digits if check_digit(it[:-1]) != it[-1]] == []


#: Catalogues whose ids end with a check digit of ISO 7064, MOD 11-2.
CHECKED = ("isni", "orcid")


def check_digit(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)
