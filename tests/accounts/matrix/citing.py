"""Citations of people and sources, public."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

TABLE: Table = {
    ("web.cite", "GET"): (
        Case("/en/people/nizami-gencevi/cite", same_for_all()),
        Case("/en/people/nizami-gencevi/cite?revision=2", same_for_all(404)),
        Case("/en/people/nobody/cite", same_for_all(404)),
    ),
    ("web.cite_file", "GET"): (
        Case("/people/nizami-gencevi/cite.bib", same_for_all()),
        Case("/people/nizami-gencevi/cite.csl.json?of=sources", same_for_all()),
        Case("/people/nobody/cite.ris", same_for_all(404)),
    ),
    ("people.get_citation", "GET"): (
        Case("/api/v1/people/nizami-gencevi/citation", same_for_all()),
        Case("/api/v1/people/nobody/citation", same_for_all(404)),
    ),
    ("reference.get_source_citation", "GET"): (
        Case("/api/v1/sources/iranica-behrangi/citation?style=mla", same_for_all()),
        Case("/api/v1/sources/nothing/citation", same_for_all(404)),
    ),
}
