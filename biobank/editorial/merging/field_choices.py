"""The field choices of a merge: the origin of each part of the merged record, and the options.

A part is a unit of choice: a date, a text in one language, or an item of a list. All functions are
pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from biobank.common.i18n import LANGUAGES
from biobank.editorial.revisions.record_diff import IDENTITY_KEYS, LOCALIZED_FIELDS, RecordPath, align_items
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people.citations import FACT_FIELDS

Record = Mapping[str, Any]
#: Whose value is selected: the survivor's (`kept`), the duplicate's (`gone`), both, or neither.
FieldSide = Literal["kept", "gone", "both", "neither"]
FIELD_SIDES: tuple[str, ...] = get_args(FieldSide)
#: The values that each side would select, default first.
Offers = Mapping[FieldSide, Sequence[Any]]

#: List fields, in the order of the record.
LIST_FIELDS = (
    *("names", "professions", "countries", "events", "relations", "memberships"),
    *("works", "awards", "media", "sources"),
)
#: The keys of a fact that are chosen together: a date with its original wording, and a place.
FACT_VALUE_KEYS = {"date": ("date", "original"), "place": ("place",)}


@dataclass(frozen=True)
class FieldChoice:
    """One part of the merged record; a single offer leaves no choice.

    `key` identifies the part in a form: `works.3` is the duplicate's item at that index. `survivor`
    and `duplicate` are None if a record has no value.
    """

    key: str
    path: RecordPath
    survivor: Any
    duplicate: Any
    offers: Offers

    @property
    def options(self) -> tuple[FieldSide, ...]:
        return tuple(self.offers) if len(self.offers) > 1 else ()

    def selected_side(self, choices: Mapping[str, str]) -> FieldSide:
        """Return the selected side; an invalid choice counts as none."""
        return next((side for side in self.offers if side == choices.get(self.key)), next(iter(self.offers)))

    def selected_values(self, choices: Mapping[str, str]) -> list[Any]:
        """Return the values for the merged record."""
        return list(self.offers[self.selected_side(choices)])


def build_field_choices(survivor: Record, duplicate: Record) -> list[FieldChoice]:
    """Return the choices for all parts of two canonical records, in record order."""
    return [
        *_list_choices("names", survivor, duplicate),
        *_preferred_name_choices(survivor, duplicate),
        *_value_choices("gender", survivor.get("gender"), duplicate.get("gender")),
        *(choice for fact in FACT_FIELDS for choice in _fact_choices(fact, survivor, duplicate)),
        *_list_choices("professions", survivor, duplicate),
        *_list_choices("countries", survivor, duplicate),
        *(choice for text in LOCALIZED_FIELDS for choice in _text_choices(text, survivor, duplicate)),
        *(choice for name in LIST_FIELDS[3:-1] for choice in _list_choices(name, survivor, duplicate)),
        *_identifier_choices(survivor, duplicate),
        *_list_choices("sources", survivor, duplicate),
        *_value_choices("checked", survivor.get("checked"), duplicate.get("checked")),
    ]


def _value_choices(
    key: str, survivor: Any, duplicate: Any, path: RecordPath = (), combined: Any = None
) -> Iterator[FieldChoice]:
    """Yield the choice for a single value; `combined` is set if the two can be combined."""
    path = path or (key,)
    if survivor is None and duplicate is None:
        return
    if duplicate is None:
        yield FieldChoice(key, path, survivor, None, {"kept": [survivor]})
    elif survivor is None:
        yield FieldChoice(key, path, None, duplicate, {"gone": [duplicate], "kept": []})
    elif survivor == duplicate or combined is not None:
        value = survivor if combined is None else combined
        yield FieldChoice(key, path, survivor, duplicate, {"both": [value]})
    else:
        yield FieldChoice(key, path, survivor, duplicate, {"kept": [survivor], "gone": [duplicate]})


def _fact_choices(fact: str, survivor: Record, duplicate: Record) -> Iterator[FieldChoice]:
    for name, keys in FACT_VALUE_KEYS.items():
        left, right = (_select_keys(record.get(fact) or {}, keys) for record in (survivor, duplicate))
        combined = merge_mappings(left, right) if left and right else None
        yield from _value_choices(f"{fact}.{name}", left, right, (fact,), combined)


def _select_keys(value: Record, keys: Sequence[str]) -> dict[str, Any] | None:
    return {key: value[key] for key in keys if key in value} or None


def _text_choices(name: str, survivor: Record, duplicate: Record) -> Iterator[FieldChoice]:
    for lang in LANGUAGES:
        left, right = ((record.get(name) or {}).get(lang) for record in (survivor, duplicate))
        for choice in _value_choices(f"{name}.{lang}", left, right, (name, lang)):
            yield _allow_both(choice) if name == "biography" else choice


def _allow_both(choice: FieldChoice) -> FieldChoice:
    """Offer both biographies concatenated, for an editor to combine."""
    text = f"{choice.survivor}\n\n{choice.duplicate}"
    if "gone" not in choice.offers or choice.survivor is None or len(text) > MAX_BIOGRAPHY_CHARS:
        return choice
    return replace(choice, offers={**choice.offers, "both": [text]})


def _identifier_choices(survivor: Record, duplicate: Record) -> Iterator[FieldChoice]:
    left, right = survivor.get("identifiers") or {}, duplicate.get("identifiers") or {}
    for scheme in dict.fromkeys((*left, *right)):
        path = ("identifiers", scheme)
        yield from _value_choices(f"identifiers.{scheme}", left.get(scheme), right.get(scheme), path)


def _list_choices(name: str, survivor: Record, duplicate: Record) -> Iterator[FieldChoice]:
    """Yield choices for the survivor's items in order, then for the duplicate's others."""
    left, right = survivor.get(name, ()), duplicate.get(name, ())
    matched = dict(align_items(left, right, name))
    if name == "names":
        # Different names are never paired.
        matched = {
            old: new
            for old, new in matched.items()
            if merge_duplicate_items(name, left[old], right[new]) is not None
        }
    for index, item in enumerate(left):
        if index in matched:
            yield _pair_choice(name, matched[index], item, right[matched[index]])
        else:
            is_relation_to_self = _relates_to(item, duplicate.get("id"))
            offers: Offers = {"neither": []} if is_relation_to_self else {"kept": [item]}
            yield FieldChoice(f"{name}.kept.{index}", (name, index), item, None, offers)
    for index in sorted(set(range(len(right))) - set(matched.values())):
        yield _duplicate_only_choice(name, index, right[index], survivor.get("id"))


def _pair_choice(name: str, index: int, survivor: Any, duplicate: Any) -> FieldChoice:
    combined = survivor if name == "sources" else merge_duplicate_items(name, survivor, duplicate)
    offers: Offers = {"both": [survivor, duplicate], "kept": [survivor], "gone": [duplicate]}
    if combined is not None:
        offers = {"both": [combined]}
    return FieldChoice(f"{name}.{index}", (name, index), survivor, duplicate, offers)


def _duplicate_only_choice(name: str, index: int, item: Any, survivor_id: str | None) -> FieldChoice:
    offers: Offers = {"gone": [item]} if name == "sources" else {"gone": [item], "kept": []}
    if _relates_to(item, survivor_id):
        offers = {"neither": []}
    return FieldChoice(f"{name}.{index}", (name, index), None, item, offers)


def _relates_to(item: Any, person_id: str | None) -> bool:
    """Return whether the item is a relation to the other person, who is the same person."""
    return isinstance(item, Mapping) and "person" in item and item["person"] == person_id


def _preferred_name_choices(survivor: Record, duplicate: Record) -> Iterator[FieldChoice]:
    """Yield the choice of the preferred name per language, if the two records differ."""
    left, right = preferred_names(survivor["names"]), preferred_names(duplicate["names"])
    for lang in left:
        if lang in right and left[lang] != right[lang]:
            yield from _value_choices(f"preferred.{lang}", left[lang], right[lang], ("names",))


def preferred_names(names: Sequence[Record]) -> dict[str, str]:
    """Return the preferred name of each language that has one."""
    return {name["lang"]: name["text"] for name in names if name["kind"] == "preferred"}


def merge_duplicate_items(field: str, survivor: Any, duplicate: Any) -> Any:
    """Return one item with the data of both, or None if they differ.

    They must be equal by the most specific key of their kind (a relation by person and type, an
    event by date and type), or one must contain all data of the other: two premieres, one with a
    date and one with a place, may be different events.
    """
    if survivor == duplicate:
        return survivor
    if not (isinstance(survivor, Mapping) and isinstance(duplicate, Mapping)):
        return None
    if field == "names":
        return _merge_names(survivor, duplicate)
    is_contained = _is_subset(survivor, duplicate) or _is_subset(duplicate, survivor)
    if is_contained or _same_identity(field, survivor, duplicate):
        return merge_mappings(survivor, duplicate)
    return None


def merge_mappings(survivor: Record, duplicate: Record) -> dict[str, Any] | None:
    """Return the values of both with all citations, or None if a value differs."""
    result = dict(survivor)
    for key, value in duplicate.items():
        if key == "cites":
            result[key] = merge_citations(survivor.get(key, ()), value)
        elif key not in survivor or survivor[key] == value:
            result[key] = value
        elif is_localized(value) and is_localized(survivor[key]):
            inner = merge_mappings(survivor[key], value)
            if inner is None:
                return None
            result[key] = {lang: inner[lang] for lang in LANGUAGES if lang in inner}
        else:
            return None
    return result


def merge_citations(survivor: Sequence[Any], duplicate: Sequence[Any]) -> list[Any]:
    """Return the citations of both without duplicates."""
    cites = list(survivor)
    for cite in duplicate:
        if cite not in cites:
            cites.append(cite)
    return cites


def is_localized(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= set(LANGUAGES)


def _merge_names(survivor: Record, duplicate: Record) -> dict[str, Any] | None:
    """Merge names with equal text and language; a variant takes the other's more specific kind."""
    if (survivor["text"], survivor["lang"]) != (duplicate["text"], duplicate["lang"]):
        return None
    kinds = {name["kind"] for name in (survivor, duplicate)} - {"variant"}
    if len(kinds) > 1:
        return None
    kind = {"kind": next(iter(kinds), "variant")}
    return merge_mappings({**survivor, **kind}, {**duplicate, **kind})


def _same_identity(field: str, survivor: Any, duplicate: Any) -> bool:
    if field not in IDENTITY_KEYS:
        return False
    identity_key = IDENTITY_KEYS[field][0]
    key_value = identity_key(survivor)
    return (
        key_value is not None
        and key_value == identity_key(duplicate)
        and (not isinstance(key_value, tuple) or all(key_value))
    )


def _is_subset(smaller: Record, larger: Record) -> bool:
    """Return whether `larger` has all data of `smaller`, ignoring citations and languages."""
    return all(
        key in larger and (larger[key] == value or is_localized(value))
        for key, value in smaller.items()
        if key != "cites"
    )
