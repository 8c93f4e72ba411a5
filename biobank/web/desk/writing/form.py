"""What is sent by the writing form: the record's fields and what goes with them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import g

from biobank.editorial.working_copies import Copy
from biobank.i18n import LANGUAGES
from biobank.records.fields import CONTROL, ID_PATTERN
from biobank.web.desk.writing.picks import Picks, Unclear, name_new_sources, picks_of, settled
from biobank.web.desk.writing.record import Read, Record, to_record, to_tree
from biobank.web.desk.writing.shape import FORM, Rows
from biobank.web.desk.writing.tree import Pair, Tree, empty, read

#: Sent with every form, and no part of what is written.
NOT_KEPT = frozenset({"csrf_token", "do", "copy"})
#: Before the name of a pick: which of its choices was meant.
CHOSEN = "choose-"
#: A working copy's key as the bank makes it.
KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
#: People who are told apart in one form.
DISTINCT_MOST = 50
#: Rows that a new form begins with.
FIRST_ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "names": {"lang": "az", "kind": "preferred"},
    "sources": {},
}


@dataclass
class Form:
    """One writing form. `fields` are its pairs as they were sent, to be kept in a working copy."""

    tree: Tree
    #: The person that is edited; none for a new one.
    person_id: str | None = None
    #: The number of the revision it began from.
    base: int | None = None
    #: The key of its working copy; empty where it has none.
    copy: str = ""
    message: str = ""
    agrees: tuple[str, ...] = ()
    #: People whom its writer told apart from a new one, by ids.
    distinct: tuple[str, ...] = ()
    #: The message of the public that is worked on; none where there is none.
    suggestion: int | None = None
    fields: list[Pair] = field(default_factory=list)

    def settle(self) -> tuple[Picks, dict[str, Unclear]]:
        """Makes every pick a label with its id; tells those that are unclear, by field."""
        name_new_sources(self.tree)
        picks = picks_of(self.tree, g.lang)
        self.tree, unclear = settled(self.tree, picks)
        return picks, unclear

    def read(self, picks: Picks) -> Read:
        """The record that a settled form tells of."""
        found = to_record(self.tree, picks.one)
        if self.person_id:
            found.record["id"] = self.person_id
        return found


def new_form() -> Form:
    """An empty form, with a first row for what every record has."""
    tree = empty(FORM)
    for key, start in FIRST_ROWS.items():
        rows = FORM.fields[key]
        assert isinstance(rows, Rows)
        tree[key].append({**empty(rows.row), **start})
    return Form(tree)


def form_of(record: Record, person_id: str, number: int) -> Form:
    """The form of a record as revision `number` has it; empty where that one was redacted."""
    by_ids = to_tree(record)
    return Form(to_tree(record, picks_of(by_ids, g.lang).say), person_id, number)


def form_sent(sent: Iterable[Pair], person_id: str | None) -> Form:
    """The form that was sent; what was chosen for an unclear pick stands in its field."""
    pairs = [(name, value.replace("\r\n", "\n")) for name, value in sent]
    chosen = {name[len(CHOSEN) :]: value for name, value in pairs if name.startswith(CHOSEN)}
    pairs = [
        (name, chosen.get(name) or value) for name, value in pairs if not name.startswith(CHOSEN)
    ]
    its: Mapping[str, str] = dict(reversed(pairs))
    return Form(
        tree=read(pairs),
        person_id=person_id,
        base=_number(its.get("base", "")),
        copy=its.get("copy", "") if KEY.fullmatch(its.get("copy", "")) else "",
        message=CONTROL.sub("", its.get("message", "")),
        suggestion=_number(its.get("suggestion", "")),
        agrees=tuple(it for it in LANGUAGES if ("agrees", it) in pairs),
        distinct=tuple(
            value for name, value in pairs if name == "distinct" and ID_PATTERN.fullmatch(value)
        )[:DISTINCT_MOST],
        fields=[pair for pair in pairs if pair[0] not in NOT_KEPT],
    )


def form_kept(copy: Copy) -> Form:
    """The form as it was left in a working copy."""
    form = form_sent(copy.fields, copy.person_id)
    form.base, form.copy = copy.base, copy.key
    return form


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
