"""All written forms of a name, by kind, each marked with its language, script and direction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from biobank.web.words import NAME_KINDS, direction, language_name, language_tag, script_name


@dataclass(frozen=True)
class NameForm:
    """One written form; `note` says which language and script it is, where that is telling."""

    text: str
    tag: str
    dir: str
    note: str


@dataclass(frozen=True)
class NameGroup:
    label: str
    names: tuple[NameForm, ...]


def shown_name(names: Iterable[Mapping[str, str]], text: str, lang: str) -> NameForm:
    """The form that heads the page: the one of `names` that reads `text`."""
    for name in names:
        if name["text"] == text:
            return _form(name, lang)
    return NameForm(text, lang, "ltr", "")


def name_groups(
    names: Iterable[Mapping[str, str]], shown: NameForm, lang: str
) -> tuple[NameGroup, ...]:
    """Every form but the one that heads the page, grouped by kind in a fixed order."""
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
        # English writes scripts with a capital, the others do not.
        note = f"{note}, {written if lang == 'en' else written.lower()}"
    return NameForm(
        text=name["text"],
        tag=language_tag(name["lang"], script),
        dir=direction(name["lang"], script),
        note=note,
    )
