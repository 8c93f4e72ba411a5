"""All written forms of a name, by kind, with language, script and direction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from biobank.web.core.labels import NAME_KIND_LABELS, language_name, language_tag, script_name, text_direction


@dataclass(frozen=True)
class NameForm:
    """A written form of a name; `note` states its language and script."""

    text: str
    tag: str
    dir: str
    note: str


@dataclass(frozen=True)
class NameGroup:
    label: str
    names: tuple[NameForm, ...]


def find_name_form(names: Iterable[Mapping[str, Any]], text: str, lang: str) -> NameForm:
    """Return the form of `names` with this text, which is the heading of the page."""
    for name in names:
        if name["text"] == text:
            return _name_form(name, lang)
    return NameForm(text, lang, "ltr", "")


def name_groups(names: Iterable[Mapping[str, Any]], heading: NameForm, lang: str) -> tuple[NameGroup, ...]:
    """Return all forms except the heading, grouped by kind in a fixed order."""
    groups: dict[str, list[NameForm]] = {}
    for name in names:
        form = _name_form(name, lang)
        if (form.text, form.tag) != (heading.text, heading.tag):
            groups.setdefault(name["kind"], []).append(form)
    return tuple(
        NameGroup(str(label), tuple(groups[kind]))
        for kind, label in NAME_KIND_LABELS.items()
        if kind in groups
    )


def _name_form(name: Mapping[str, str], lang: str) -> NameForm:
    script = name.get("script")
    note = language_name(name["lang"], lang)
    if script:
        script_label = script_name(script, lang)
        # English capitalizes script names; the other languages do not.
        note = f"{note}, {script_label if lang == 'en' else script_label.lower()}"
    return NameForm(
        text=name["text"],
        tag=language_tag(name["lang"], script),
        dir=text_direction(name["lang"], script),
        note=note,
    )
