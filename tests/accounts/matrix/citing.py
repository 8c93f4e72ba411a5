"""Citations of people and sources, public."""

from tests.accounts.matrix.answers import Case, Table, everybody

TABLE: Table = {
    ("web.cite", "GET"): (
        Case("/en/people/nizami-gencevi/cite", everybody()),
        Case("/en/people/nizami-gencevi/cite?revision=2", everybody(404)),
        Case("/en/people/nobody/cite", everybody(404)),
    ),
    ("web.cite_file", "GET"): (
        Case("/people/nizami-gencevi/cite.bib", everybody()),
        Case("/people/nizami-gencevi/cite.csl.json?of=sources", everybody()),
        Case("/people/nobody/cite.ris", everybody(404)),
    ),
    ("people.get_citation", "GET"): (
        Case("/api/v1/people/nizami-gencevi/citation", everybody()),
        Case("/api/v1/people/nobody/citation", everybody(404)),
    ),
    ("reference.get_source_citation", "GET"): (
        Case("/api/v1/sources/iranica-behrangi/citation?style=mla", everybody()),
        Case("/api/v1/sources/nothing/citation", everybody(404)),
    ),
}
