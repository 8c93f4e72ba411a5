"""All written forms of a name, by kind, with language, script and direction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from biobank.web.words import NAME_KINDS, direction, language_name, language_tag, script_name


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


def shown_name(names: Iterable[Mapping[str, str]], text: str, lang: str) -> NameForm:
    """Return the form of `names` with this text, which is the heading of the page."""
    for name in names:
        if name["text"] == text:
            return _form(name, lang)
    return NameForm(text, lang, "ltr", "")


def name_groups(
    names: Iterable[Mapping[str, str]], shown: NameForm, lang: str
) -> tuple[NameGroup, ...]:
    """Return all forms except the heading, grouped by kind in a fixed order."""
    groups: dict[str, list[NameForm]] = {}
    for name in names:
        form = _form(name, lang)
        if (form.text, form.tag) != (shown.text, shown.tag):
            groups.setdefault(name["kind"], []).append(form)
    return tuple(
        NameGroup(str(label), tuple(groups[kind]))
        for kind, label in NAME_KINDS.items()
        if kind in groups
    )


def _form(name: Mapping[str, str], lang: str) -> NameForm:
    script = name.get("script")
    note = language_name(name["lang"], lang)
    if script:
        written = script_name(script, lang)
        # English capitalizes script names; the other languages do not.
        note = f"{note}, {written if lang == 'en' else written.lower()}"
    return NameForm(
        text=name["text"],
        tag=language_tag(name["lang"], script),
        dir=direction(name["lang"], script),
        note=note,
    )
