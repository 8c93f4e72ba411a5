"""The field choices of a merge: the origin of each part of the merged record, and the options.

A part is a unit of choice: a date, a text in one language, or an item of a list. All functions are
pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from biobank.editorial.differences import Path
from biobank.editorial.matching import match
from biobank.editorial.merging.folding import folded, union
from biobank.editorial.summary import TEXTS
from biobank.i18n import LANGUAGES
from biobank.records.fields import BIOGRAPHY
from biobank.records.people.citations import FACTS

#: Whose value is selected: the survivor's (`kept`), the duplicate's (`gone`), both, or neither.
Side = Literal["kept", "gone", "both", "neither"]
SIDES: tuple[str, ...] = get_args(Side)

#: List fields, in the order of the record.
LISTS = (
    "names",
    "professions",
    "countries",
    "events",
    "relations",
    "memberships",
    "works",
    "awards",
    "media",
    "sources",
)
#: The keys of a fact that are chosen together: a date with its original wording, and a place.
MOMENT = {"date": ("date", "original"), "place": ("place",)}


@dataclass(frozen=True)
class Part:
    """One part of the merged record; `offers` maps each side to its values, default first.

    A single offer leaves no choice. `key` identifies the part in a form: `works.3` is the
    duplicate's item at that index. `survivor` and `duplicate` are None if a record has no value.
    """

    key: str
    path: Path
    kept: Any
    gone: Any
    offers: Mapping[Side, Sequence[Any]] = field(default_factory=dict)

    @property
    def options(self) -> tuple[Side, ...]:
        return tuple(self.offers) if len(self.offers) > 1 else ()

    def side(self, choices: Mapping[str, str]) -> Side:
        """Return the selected side; an invalid choice counts as none."""
        return next(
            (side for side in self.offers if side == choices.get(self.key)), next(iter(self.offers))
        )

    def taken(self, choices: Mapping[str, str]) -> list[Any]:
        """Return the values for the merged record."""
        return list(self.offers[self.side(choices)])


def parts(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> list[Part]:
    """Return the choices for all parts of two canonical records, in record order."""
    return [
        *_of_list("names", kept, gone),
        *_preferred(kept, gone),
        *_value("gender", kept.get("gender"), gone.get("gender")),
        *(part for fact in FACTS for part in _of_fact(fact, kept, gone)),
        *_of_list("professions", kept, gone),
        *_of_list("countries", kept, gone),
        *(part for text in TEXTS for part in _of_texts(text, kept, gone)),
        *(part for name in LISTS[3:-1] for part in _of_list(name, kept, gone)),
        *_of_identifiers(kept, gone),
        *_of_list("sources", kept, gone),
        *_value("checked", kept.get("checked"), gone.get("checked")),
    ]


def _value(key: str, kept: Any, gone: Any, path: Path = (), both: Any = None) -> Iterator[Part]:
    """Yield the choice for a single value; `combined` is set if the two can be combined."""
    path = path or (key,)
    if kept is None and gone is None:
        return
    if gone is None:
        yield Part(key, path, kept, None, {"kept": [kept]})
    elif kept is None:
        yield Part(key, path, None, gone, {"gone": [gone], "kept": []})
    elif kept == gone or both is not None:
        yield Part(key, path, kept, gone, {"both": [kept if both is None else both]})
    else:
        yield Part(key, path, kept, gone, {"kept": [kept], "gone": [gone]})


def _of_fact(fact: str, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> Iterator[Part]:
    for name, keys in MOMENT.items():
        left, right = (_some(record.get(fact) or {}, keys) for record in (kept, gone))
        both = union(left, right) if left and right else None
        yield from _value(f"{fact}.{name}", left, right, (fact,), both)


def _some(value: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any] | None:
    return {key: value[key] for key in keys if key in value} or None


def _of_texts(name: str, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> Iterator[Part]:
    for lang in LANGUAGES:
        left, right = ((record.get(name) or {}).get(lang) for record in (kept, gone))
        for part in _value(f"{name}.{lang}", left, right, (name, lang)):
            yield _with_both(part) if name == "biography" else part


def _with_both(part: Part) -> Part:
    """Offer both biographies concatenated, for an editor to combine."""
    text = f"{part.kept}\n\n{part.gone}"
    if "gone" not in part.offers or part.kept is None or len(text) > BIOGRAPHY:
        return part
    return Part(part.key, part.path, part.kept, part.gone, {**part.offers, "both": [text]})


def _of_identifiers(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> Iterator[Part]:
    left, right = kept.get("identifiers") or {}, gone.get("identifiers") or {}
    for scheme in dict.fromkeys((*left, *right)):
        path = ("identifiers", scheme)
        yield from _value(f"identifiers.{scheme}", left.get(scheme), right.get(scheme), path)


def _of_list(name: str, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> Iterator[Part]:
    """Yield choices for the survivor's items in order, then for the duplicate's others."""
    left, right = kept.get(name, ()), gone.get(name, ())
    other = {
        old: new for old, new in match(left, right, name) if _are_one(name, left, right, old, new)
    }
    for place, item in enumerate(left):
        if place in other:
            yield _of_pair(name, other[place], item, right[other[place]])
        elif _points_at(item, gone.get("id")):
            yield Part(f"{name}.kept.{place}", (name, place), item, None, {"neither": []})
        else:
            yield Part(f"{name}.kept.{place}", (name, place), item, None, {"kept": [item]})
    for place in sorted(set(range(len(right))) - set(other.values())):
        yield _of_gone(name, place, right[place], kept.get("id"))


def _are_one(name: str, left: Sequence[Any], right: Sequence[Any], old: int, new: int) -> bool:
    """Return whether two items can be paired; different names never are."""
    return name != "names" or folded(name, left[old], right[new]) is not None


def _of_pair(name: str, place: int, kept: Any, gone: Any) -> Part:
    key, path = f"{name}.{place}", (name, place)
    both = kept if name == "sources" else folded(name, kept, gone)
    if both is not None:
        return Part(key, path, kept, gone, {"both": [both]})
    return Part(key, path, kept, gone, {"both": [kept, gone], "kept": [kept], "gone": [gone]})


def _of_gone(name: str, place: int, item: Any, kept_id: str | None) -> Part:
    key, path = f"{name}.{place}", (name, place)
    if _points_at(item, kept_id):
        return Part(key, path, None, item, {"neither": []})
    if name == "sources":
        return Part(key, path, None, item, {"gone": [item]})
    return Part(key, path, None, item, {"gone": [item], "kept": []})


def _points_at(item: Any, person_id: str | None) -> bool:
    """Return whether the item is a relation to the other person, who is the same person."""
    return isinstance(item, Mapping) and "person" in item and item["person"] == person_id


def _preferred(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> Iterator[Part]:
    """Yield the choice of the preferred name per language, if the two records differ."""
    left, right = preferred_names(kept["names"]), preferred_names(gone["names"])
    for lang in left:
        if lang in right and left[lang] != right[lang]:
            yield from _value(f"preferred.{lang}", left[lang], right[lang], ("names",))


def preferred_names(names: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the preferred name of each language that has one."""
    return {name["lang"]: name["text"] for name in names if name["kind"] == "preferred"}
