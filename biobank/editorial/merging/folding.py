"""Whether two items of a list tell of the same thing and can be told as one, without a loss."""

from collections.abc import Mapping, Sequence
from typing import Any

from biobank.editorial.matching import MARKS
from biobank.i18n import LANGUAGES

Item = Any


def folded(field: str, kept: Item, gone: Item) -> Item | None:
    """One item with all that the two say; none where they say different things.

    They have to be the same by the surest mark of their kind (a tie by person and type, an event
    by date and type), or one has to say no more than the other: two premieres, one with a date
    and one with a place, may well be two.
    """
    if kept == gone:
        return kept
    if not (isinstance(kept, Mapping) and isinstance(gone, Mapping)):
        return None
    if field == "names":
        return _folded_name(kept, gone)
    if not (_surely_same(field, kept, gone) or _is_within(kept, gone) or _is_within(gone, kept)):
        return None
    return union(kept, gone)


def union(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any] | None:
    """Both in one; none where a value differs. Citations of both are kept."""
    made = dict(kept)
    for key, value in gone.items():
        if key == "cites":
            made[key] = with_cites(kept.get(key, ()), value)
        elif key not in kept or kept[key] == value:
            made[key] = value
        elif is_localized(value) and is_localized(kept[key]):
            inner = union(kept[key], value)
            if inner is None:
                return None
            made[key] = {lang: inner[lang] for lang in LANGUAGES if lang in inner}
        else:
            return None
    return made


def with_cites(kept: Sequence[Any], gone: Sequence[Any]) -> list[Any]:
    """The citations of both, each once."""
    return [*kept, *(cite for place, cite in enumerate(gone) if _is_new(kept, gone, place))]


def is_localized(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= set(LANGUAGES)


def _is_new(kept: Sequence[Any], gone: Sequence[Any], place: int) -> bool:
    return gone[place] not in kept and gone[place] not in gone[:place]


def _folded_name(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same letters in the same language; what is called a variant may be more than that."""
    if (kept["text"], kept["lang"]) != (gone["text"], gone["lang"]):
        return None
    kinds = {name["kind"] for name in (kept, gone)} - {"variant"}
    if len(kinds) > 1:
        return None
    kind = {"kind": next(iter(kinds), "variant")}
    return union({**kept, **kind}, {**gone, **kind})


def _surely_same(field: str, kept: Any, gone: Any) -> bool:
    if field not in MARKS:
        return False
    surest = MARKS[field][0]
    mark = surest(kept)
    return mark is not None and mark == surest(gone) and (not isinstance(mark, tuple) or all(mark))


def _is_within(less: Mapping[str, Any], more: Mapping[str, Any]) -> bool:
    """Whether `more` says all that `less` does, citations and languages of a text aside."""
    return all(
        key in more and (more[key] == value or is_localized(value))
        for key, value in less.items()
        if key != "cites"
    )
