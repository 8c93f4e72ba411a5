"""Any sequence of edits, merges, renames and undos of places leaves what a simple model says."""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from biobank.editorial.reference import merge, service, undo
from biobank.editorial.reference.person_rewrites import REWRITE_BATCH_SIZE
from biobank.editorial.review import workflow
from biobank.errors import RecordRefused, WrongState
from biobank.records.people.schemas import person_schema
from biobank.records.places.schemas import place_schema
from biobank.records.reference.kinds import PLACE_KIND, load_records_by_key
from biobank.records.reference.redirects import load_redirects
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR, WRITER
from tests.support.profiles import THOROUGH

Record = dict[str, Any]
Step = tuple[str, dict[str, Any]]
PLACES = ("a", "b", "c", "d")
#: Ids for renamed places.
FREE = ("f", "g")
PEOPLE = ("first", "second")
FACTS = ("birth", "death")
#: Fewer places than ids, so that most steps apply.
places = st.sampled_from((*PLACES, *FREE[:1]))
_numbers = itertools.count(1)


@dataclass
class Version:
    """A person's public record or draft: the places, and for each merge what it replaced where."""

    gender: str = "male"
    places: dict[str, str] = field(default_factory=dict)
    replaced: dict[int, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def merge(self, number: int, gone: str, kept: str) -> None:
        facts = [fact for fact, place in self.places.items() if place == gone]
        self.replaced[number] = dict.fromkeys(facts, (gone, kept))
        self.places |= dict.fromkeys(facts, kept)

    def undo(self, number: int) -> None:
        for fact, (gone, kept) in self.replaced.pop(number, {}).items():
            if self.places.get(fact) == kept:
                self.places[fact] = gone


@dataclass
class MergeEntry:
    """A merge of the model: what it changed in places and redirects."""

    kept: str
    gone: str
    renamed: bool
    gone_record: Record
    followed: list[str]
    added: list[Record]
    parents: dict[str, tuple[str | None, str | None]]
    undone: bool = False


class Model:
    """Places, redirects and people, as editors understand them."""

    def __init__(self) -> None:
        self.places: dict[str, Record] = {}
        self.redirects: dict[str, str] = {}
        self.public: dict[str, Version] = {}
        self.drafts: dict[str, Version | None] = {}
        self.merges: list[MergeEntry] = []

    @property
    def versions(self) -> list[Version]:
        return [version for version in (*self.public.values(), *self.drafts.values()) if version]

    def has_cycle(self) -> bool:
        for start in self.places:
            place, seen = self.places[start].get("broader"), set[str]()
            while place and place not in seen:
                if place == start:
                    return True
                seen.add(place)
                place = self.places.get(place, {}).get("broader")
        return False

    def edit(self, id_: str, **fields: Any) -> None:
        self.places[id_] = clean({**self.places[id_], **fields})
        if self.has_cycle():
            raise ModelRefusal

    def merge(self, kept: str, gone: str, *, renamed: bool = False) -> None:
        if kept == gone:
            raise ModelRefusal
        number = len(self.merges)
        before = {id_: record.get("broader") for id_, record in self.places.items()}
        gone_record = self.places.pop(gone)
        known = [name["text"] for name in self.places[kept]["names"]]
        added = [] if renamed else [name for name in gone_record["names"] if name["text"] not in known]
        self.places[kept]["names"] = [*self.places[kept]["names"], *added]
        for id_, record in self.places.items():
            if record.get("broader") == gone:
                parent = gone_record.get("broader") if id_ == kept else kept
                self.places[id_] = clean({**record, "broader": None if parent == id_ else parent})
        parents = {
            id_: (before[id_], record.get("broader"))
            for id_, record in self.places.items()
            if before[id_] != record.get("broader")
        }
        if self.has_cycle():
            raise ModelRefusal
        followed = [old for old, new in self.redirects.items() if new == gone]
        self.redirects |= dict.fromkeys((*followed, gone), kept)
        for version in self.versions:
            version.merge(number, gone, kept)
        self.merges.append(MergeEntry(kept, gone, renamed, gone_record, followed, added, parents))

    def rename(self, old: str, new: str) -> None:
        if new in self.places or new in self.redirects:
            raise ModelRefusal
        self.places[new] = {**self.places[old], "id": new}
        self.merge(new, old, renamed=True)

    def undo(self, number: int) -> None:
        entry = self.merges[number]
        if entry.undone or entry.kept not in self.places:
            raise ModelRefusal
        del self.redirects[entry.gone]
        self.redirects |= {old: entry.gone for old in entry.followed if self.redirects.get(old) == entry.kept}
        parent = entry.gone_record.get("broader")
        parent = parent if parent in self.places else self.redirects.get(parent or "")
        self.places[entry.gone] = clean({**entry.gone_record, "broader": parent})
        kept = self.places[entry.kept]
        kept["names"] = [name for name in kept["names"] if name not in entry.added]
        for id_, (before, after) in entry.parents.items():
            if id_ in self.places and self.places[id_].get("broader") == after:
                before = before if before in self.places else self.redirects.get(before or "")
                self.places[id_] = clean({**self.places[id_], "broader": before})
        for version in self.versions:
            version.undo(number)
        if entry.renamed and not self.is_used(entry.kept):
            self.places[entry.gone] = {**self.places.pop(entry.kept), "id": entry.gone}
        if self.has_cycle():
            raise ModelRefusal
        entry.undone = True

    def is_used(self, id_: str) -> bool:
        return (
            any(record.get("broader") == id_ for record in self.places.values())
            or id_ in self.redirects.values()
            or any(id_ in version.places.values() for version in self.versions)
        )


class ModelRefusal(Exception):
    """The model does not allow the step."""


def clean(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}


class PlaceSequences(RuleBasedStateMachine):
    """Edits, merges, renames and undos in the bank and in the model; both must agree after each."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.prefix = f"sequence-{next(_numbers)}-"
        self.model = Model()
        self.merge_ids: list[int] = []
        for id_ in PLACES:
            self.model.places[id_] = helpers.place(id_)
            service.add_record(database, EDITOR, PLACE_KIND, self._stored_place(id_))
        for id_ in PEOPLE:
            self.model.public[id_] = Version(places=dict(zip(FACTS, PLACES[1:], strict=False)))
            self.model.drafts[id_] = None
            helpers.publish(database, self._stored_person(id_, self.model.public[id_]))

    @contextmanager
    def _step(self) -> Iterator[Model]:
        """Yield a copy of the model, which replaces it unless model and bank both refuse."""
        model = deepcopy(self.model)
        self.refused = False
        yield model
        if not self.refused:
            self.model = model

    def _apply(self, model: Model, change: Any, action: Any) -> Any:
        try:
            change(model)
        except ModelRefusal:
            self.refused = True
            with pytest.raises((RecordRefused, WrongState)):
                action()
            return None
        return action()

    @rule(id_=places, kind=st.sampled_from(("town", "village")))
    def edit_kind(self, id_: str, kind: str) -> None:
        self._edit_place(id_, kind=kind)

    @rule(id_=places, text=st.sampled_from(("older", "newer")))
    def edit_name(self, id_: str, text: str) -> None:
        if id_ in self.model.places:
            name = {"text": f"{text} {id_}", "lang": "en"}
            self._edit_place(id_, names=[name, *self.model.places[id_]["names"][1:]])

    @rule(id_=places, broader=st.none() | places)
    def edit_parent(self, id_: str, broader: str | None) -> None:
        if broader is None or broader in self.model.places:
            self._edit_place(id_, broader=broader)

    def _edit_place(self, id_: str, **fields: Any) -> None:
        if id_ not in self.model.places:
            return
        seen = service.record_version(self._stored_place(id_))
        with self._step() as model:
            record = self._stored_place(id_, clean({**model.places[id_], **fields}))
            key = self.prefix + id_
            self._apply(
                model,
                lambda model: model.edit(id_, **fields),
                lambda: service.update_record(self.database, EDITOR, PLACE_KIND, key, record, seen),
            )

    @rule(kept=places, gone=places)
    def merge(self, kept: str, gone: str) -> None:
        if {kept, gone} <= self.model.places.keys():
            keys = (self.prefix + kept, self.prefix + gone)
            with self._step() as model:
                merge_id = self._apply(
                    model,
                    lambda model: model.merge(kept, gone),
                    lambda: merge.merge_references(self.database, EDITOR, PLACE_KIND, *keys),
                )
                if merge_id is not None:
                    self.merge_ids.append(merge_id)

    @rule(old=places, new=st.sampled_from(FREE))
    def rename(self, old: str, new: str) -> None:
        if old in self.model.places:
            keys = (self.prefix + old, self.prefix + new)
            with self._step() as model:
                key = self._apply(
                    model,
                    lambda model: model.rename(old, new),
                    lambda: merge.rename_record(self.database, EDITOR, PLACE_KIND, *keys),
                )
            if key is not None:
                with self.database.read() as session:
                    self.merge_ids.append(undo.list_merges_into(session, PLACE_KIND, key)[0].id)

    @rule(index=st.integers(0, 3))
    def undo(self, index: int) -> None:
        if self.merge_ids:
            number = len(self.merge_ids) - 1 - index % len(self.merge_ids)
            with self._step() as model:
                self._apply(
                    model,
                    lambda model: model.undo(number),
                    lambda: undo.undo_reference_merge(self.database, EDITOR, self.merge_ids[number]),
                )

    @rule(id_=st.sampled_from(PEOPLE), fact=st.sampled_from((*FACTS, "")), place=places, draft=st.booleans())
    def edit_person(self, id_: str, fact: str, place: str, draft: bool) -> None:
        """Edit a place, or without `fact` the gender, in a draft or, as an import, in public."""
        if place not in self.model.places:
            return
        source = (self.model.drafts[id_] if draft else None) or self.model.public[id_]
        version = deepcopy(source)
        if fact:
            version.places[fact] = place
        else:
            version.gender = "other" if version.gender == "male" else "male"
        if self._stored_person(id_, version) == self._stored_person(id_, source):
            return
        if draft:
            helpers.save_draft(self.database, self._stored_person(id_, version))
            self.model.drafts[id_] = version
        else:
            helpers.publish(self.database, self._stored_person(id_, version))
            self.model.public[id_], self.model.drafts[id_] = version, None

    @rule(id_=st.sampled_from(PEOPLE))
    def publish_draft(self, id_: str) -> None:
        if (draft := self.model.drafts[id_]) is not None:
            number = helpers.stored_revision(self.database, self.prefix + id_).number
            workflow.submit(self.database, WRITER, self.prefix + id_, number)
            workflow.publish(self.database, EDITOR, self.prefix + id_, number)
            self.model.public[id_], self.model.drafts[id_] = draft, None

    @invariant()
    def bank_equals_model(self) -> None:
        ids = [self.prefix + id_ for id_ in (*PLACES, *FREE)]
        with self.database.read() as session:
            stored = load_records_by_key(session, PLACE_KIND, ids)
            redirects = load_redirects(session).get("place", {})
        expected = {self.prefix + id_: self._stored_place(id_) for id_ in sorted(self.model.places)}
        assert serialize(dict(sorted(stored.items()))) == serialize(expected)
        moved = {old: new for old, new in redirects.items() if old.startswith(self.prefix)}
        assert moved == {self.prefix + old: self.prefix + new for old, new in self.model.redirects.items()}
        for id_ in PEOPLE:
            public = helpers.public_record(self.database, self.prefix + id_)
            assert serialize(public) == serialize(self._stored_person(id_, self.model.public[id_]))
            latest = helpers.stored_revision(self.database, self.prefix + id_)
            draft = latest.record if latest.state != "published" else None
            version = self.model.drafts[id_]
            assert serialize(draft) == serialize(version and self._stored_person(id_, version))

    def _stored_place(self, id_: str, record: Record | None = None) -> Record:
        """Return the record of a place, with the ids of the bank."""
        record = record or self.model.places[id_]
        ids = {name: self.prefix + record[name] for name in ("id", "broader") if name in record}
        return load_validated(place_schema, {**record, **ids})

    def _stored_person(self, id_: str, version: Version) -> Record:
        names = [{"text": "Test Person", "lang": "en", "kind": "preferred"}]
        facts = {fact: {"place": self.prefix + place} for fact, place in version.places.items()}
        data = {"id": self.prefix + id_, "names": names, "gender": version.gender, **facts}
        return load_validated(person_schema, data)


def serialize(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


def merged(kept: str, gone: str) -> Step:
    return "merge", {"kept": kept, "gone": gone}


def renamed(old: str, new: str) -> Step:
    return "rename", {"old": old, "new": new}


def undone(index: int = 0) -> Step:
    """Undo a merge, counted from the latest one."""
    return "undo", {"index": index}


def within(id_: str, broader: str | None) -> Step:
    return "edit_parent", {"id_": id_, "broader": broader}


def name_edited(id_: str) -> Step:
    return "edit_name", {"id_": id_, "text": "older"}


def person_edited(fact: str, place: str, *, draft: bool) -> Step:
    return "edit_person", {"id_": "first", "fact": fact, "place": place, "draft": draft}


PUBLISHED: Step = ("publish_draft", {"id_": "first"})
#: Sequences that once left something else than the model says, and some close to them.
PINNED: dict[str, tuple[Step, ...]] = {
    "an edited target keeps its edit and loses the names": (merged("a", "b"), name_edited("a"), undone()),
    "an edited narrower place returns": (within("c", "b"), merged("a", "b"), name_edited("c"), undone()),
    "two merges undone in their order": (merged("a", "b"), merged("a", "d"), undone(1), undone(0)),
    "edits of a renamed place go back with it": (renamed("a", "f"), name_edited("f"), undone()),
    "a broader place merged since is redirected": (
        *(within("b", "c"), merged("a", "b")),
        *(merged("d", "c"), undone(1)),
    ),
    "an undo that would make a cycle is refused": (
        *(within("b", "d"), within("c", "b"), merged("a", "b"), within("c", "a")),
        *(within("d", "c"), undone()),
    ),
    "an import over a draft": (
        *(person_edited("birth", "c", draft=True), merged("a", "b")),
        *(person_edited("", "a", draft=False), undone()),
    ),
    "an import over a draft that alone was rewritten": (
        *(person_edited("birth", "a", draft=False), person_edited("birth", "b", draft=True)),
        *(merged("a", "b"), person_edited("", "a", draft=False), undone()),
    ),
    "a draft published since": (
        *(person_edited("birth", "a", draft=False), person_edited("birth", "b", draft=True)),
        *(merged("a", "b"), PUBLISHED, undone()),
    ),
}


@pytest.mark.parametrize("batch_size", [1, REWRITE_BATCH_SIZE])
@pytest.mark.parametrize("name", PINNED)
def test_pinned_sequences(
    database: Database, name: str, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpers.set_batch_size(monkeypatch, batch_size)
    sequence = PlaceSequences(database)
    for step, arguments in PINNED[name]:
        getattr(sequence, step)(**arguments)
        sequence.bank_equals_model()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("batch_size", [1, REWRITE_BATCH_SIZE])
def test_any_sequence_leaves_what_the_model_says(
    database: Database, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpers.set_batch_size(monkeypatch, batch_size)
    is_thorough = settings.get_current_profile_name() == THOROUGH
    if not database.is_sqlite and not is_thorough:
        pytest.skip("on PostgreSQL only with --hypothesis-profile thorough")
    run_state_machine_as_test(
        lambda: PlaceSequences(database),
        settings=settings(max_examples=100 if is_thorough else 4, stateful_step_count=20),
    )
