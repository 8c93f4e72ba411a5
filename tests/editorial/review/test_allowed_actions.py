"""The actions that the desk offers, by role and state of a record, are those that the rights allow."""

from datetime import UTC, datetime

import pytest

from biobank.accounts.identity import Identity, Role
from biobank.editorial.models import Revision
from biobank.editorial.review.workflow import DESK_ACTIONS, allowed_actions
from biobank.records.people.models import Person

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AUTHOR, OTHER = 1, 2


def offered(role: Role, state: str, withdrawal: str | None = None, user_id: int = OTHER) -> set[str]:
    """Return the actions on a record by the user 1; a published revision is the public one."""
    person = Person(
        id="sinaq-sinaqov",
        published=1 if state == "published" else None,
        withdrawal=withdrawal,
        withdrawn_at=NOW if withdrawal else None,
    )
    latest = Revision(person_id=person.id, number=1, state=state, author_id=AUTHOR, writers=[AUTHOR])
    return set(allowed_actions(Identity(role, "session", "Aysel", user_id), person, latest))


READER: set[str] = set()
WRITER = {"write", "comment"}


@pytest.mark.parametrize(
    ("state", "withdrawal", "expected"),
    [
        ("draft", None, WRITER | {"submit"}),
        ("review", None, WRITER),
        ("published", None, WRITER),
        ("withdrawn", "mistake", {"comment"}),
        ("withdrawn", "merged", {"comment"}),
        ("draft", "mistake", {"comment", "submit"}),
        ("review", "wish", {"comment"}),
    ],
)
def test_contributor_writes_and_submits_only(state: str, withdrawal: str | None, expected: set[str]) -> None:
    assert offered("contributor", state, withdrawal) == expected


@pytest.mark.parametrize(
    ("state", "withdrawal", "expected"),
    [
        ("draft", None, WRITER | {"submit", "merge"}),
        ("review", None, WRITER | {"give_back", "publish", "merge"}),
        ("published", None, WRITER | {"withdraw", "merge"}),
        ("withdrawn", "mistake", WRITER | {"bring_back"}),
        ("withdrawn", "wish", WRITER),
        ("withdrawn", "merged", {"comment"}),
        ("review", "mistake", WRITER | {"give_back", "publish", "bring_back"}),
        ("review", "wish", WRITER | {"give_back"}),
    ],
)
def test_editor_publishes_and_reinstates_mistakes(
    state: str, withdrawal: str | None, expected: set[str]
) -> None:
    assert offered("editor", state, withdrawal) == expected


@pytest.mark.parametrize(
    ("state", "withdrawal", "expected"),
    [
        ("draft", None, WRITER | {"submit", "merge", "redact"}),
        ("withdrawn", "wish", WRITER | {"bring_back", "redact"}),
        ("withdrawn", "law", WRITER | {"bring_back", "redact"}),
        ("review", "wish", WRITER | {"give_back", "publish", "bring_back", "redact"}),
    ],
)
def test_administrator_redacts_and_reinstates_whoever_asked_to_leave(
    state: str, withdrawal: str | None, expected: set[str]
) -> None:
    assert offered("admin", state, withdrawal) == expected


def test_author_takes_back_but_does_not_publish() -> None:
    assert offered("contributor", "review", user_id=AUTHOR) == WRITER | {"give_back"}
    assert offered("editor", "review", user_id=AUTHOR) == WRITER | {"give_back", "merge"}


@pytest.mark.parametrize("state", ["draft", "review", "published", "withdrawn"])
def test_reader_is_offered_nothing(state: str) -> None:
    assert offered("reader", state) == READER


def test_every_action_is_offered_in_some_state() -> None:
    states = [("draft", None), ("review", None), ("published", None), ("withdrawn", "law")]
    assert set().union(*(offered("admin", *state) for state in states)) == set(DESK_ACTIONS)
