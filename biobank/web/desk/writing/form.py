"""The submitted writing form: the fields of the record and the accompanying values."""

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

#: Fields of every form that are not part of the written content.
NOT_KEPT = frozenset({"csrf_token", "do", "copy"})
#: Prefix of the field that resolves an ambiguous reference.
CHOSEN = "choose-"
#: The format of working copy keys.
KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
#: Maximum number of people marked as distinct in one form.
DISTINCT_MOST = 50
#: Initial rows of a new form.
FIRST_ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "names": {"lang": "az", "kind": "preferred"},
    "sources": {},
}


@dataclass
class Form:
    """One writing form; `fields` are the submitted pairs as stored in a working copy."""

    tree: Tree
    #: The edited person; None for a new one.
    person_id: str | None = None
    #: The number of the revision on which the edit is based.
    base: int | None = None
    #: The key of its working copy; empty if it has none.
    copy: str = ""
    message: str = ""
    agrees: tuple[str, ...] = ()
    #: Ids of people marked as distinct from the new person.
    distinct: tuple[str, ...] = ()
    #: The id of the message of the public that is handled; None if there is none.
    suggestion: int | None = None
    fields: list[Pair] = field(default_factory=list)

    def settle(self) -> tuple[Picks, dict[str, Unclear]]:
        """Replace every reference by label and id; return ambiguous ones by field name."""
        name_new_sources(self.tree)
        picks = picks_of(self.tree, g.lang)
        self.tree, unclear = settled(self.tree, picks)
        return picks, unclear

    def read(self, picks: Picks) -> Read:
        """Return the record of a form whose references are resolved."""
        found = to_record(self.tree, picks.one)
        if self.person_id:
            found.record["id"] = self.person_id
        return found


def new_form() -> Form:
    """Return an empty form with initial rows for the required fields."""
    tree = empty(FORM)
    for key, start in FIRST_ROWS.items():
        rows = FORM.fields[key]
        assert isinstance(rows, Rows)
        tree[key].append({**empty(rows.row), **start})
    return Form(tree)


def form_of(record: Record, person_id: str, number: int) -> Form:
    """Return the form of a record based on revision `number`; empty if it was redacted."""
    by_ids = to_tree(record)
    return Form(to_tree(record, picks_of(by_ids, g.lang).say), person_id, number)


def form_sent(sent: Iterable[Pair], person_id: str | None) -> Form:
    """Return the submitted form; choices for ambiguous references replace the typed text."""
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
    """Return the form stored in a working copy."""
    form = form_sent(copy.fields, copy.person_id)
    form.base, form.copy = copy.base, copy.key
    return form


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
