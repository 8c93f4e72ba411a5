"""A summary of changes: the fields, their languages and the number of changed items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from biobank.editorial.revisions.record_diff import RecordChange

#: Fields that contain a text by language.
LOCALIZED_FIELDS = ("connection", "headline", "biography")


@dataclass(frozen=True)
class ChangedField:
    """A changed field: `languages` of a text, number of `items` of a list (otherwise 0)."""

    field: str
    languages: tuple[str, ...] = ()
    items: int = 0

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths in dotted notation: `birth`, `biography.en`."""
        return tuple(f"{self.field}.{lang}" for lang in self.languages) or (self.field,)


def summarize_changes(changes: Iterable[RecordChange]) -> tuple[ChangedField, ...]:
    """Return the changed fields in order, without duplicates."""
    by_field: dict[str, list[RecordChange]] = {}
    for change in changes:
        by_field.setdefault(str(change.path[0]), []).append(change)
    return tuple(
        ChangedField(
            field,
            _changed_languages(field_changes) if field in LOCALIZED_FIELDS else (),
            _count_changed_items(field_changes),
        )
        for field, field_changes in by_field.items()
    )


def _changed_languages(changes: Sequence[RecordChange]) -> tuple[str, ...]:
    languages: dict[str, None] = {}
    for change in changes:
        value = change.before or change.after
        languages |= dict.fromkeys([str(change.path[1])] if len(change.path) > 1 else [*value])
    return tuple(languages)


def _count_changed_items(changes: Sequence[RecordChange]) -> int:
    count, positions = 0, set()
    for change in changes:
        value = change.before if change.kind == "removed" else change.after
        if len(change.path) == 1:
            count += len(value) if isinstance(value, list) else 0
        elif isinstance(change.path[1], int):
            # The index of a removed item refers to the old list, those of other items to the new
            # one.
            positions.add((len(change.path) == 2 and change.kind == "removed", change.path[1]))
    return count + len(positions)
