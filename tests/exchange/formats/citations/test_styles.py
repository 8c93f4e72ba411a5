"""Citation styles: order of bibliographies, names, editors and special cases."""

from dataclasses import replace

from biobank.exchange.formats.citations.item import CitedItem, CreatorName, abbreviate_given_name
from biobank.exchange.formats.citations.styles import CITATION_STYLES, styles_for_language

ITEMS = [
    CitedItem(type="book", title=title, authors=(CreatorName(family),))
    for family, title in (("Zeynallı", "Bir"), ("Ашнин", "Два"), ("Əliyev", "Üç"), ("Эфендиев", "Г"))
]


def test_only_russian_bibliographies_start_with_cyrillic() -> None:
    first = {
        name: [line.plain.partition(".")[0] for _item, line in style.bibliography(ITEMS)]
        for name, style in CITATION_STYLES.items()
    }
    assert first["apa"] == ["Əliyev", "Zeynallı", "Ашнин", "Эфендиев"]
    assert first["gost"] == ["Ашнин", "Эфендиев", "Əliyev", "Zeynallı"]
    assert first["mla"] == first["chicago"] == first["apa"]


def test_russian_pages_offer_gost_first() -> None:
    assert [style.name for style in styles_for_language("ru")] == ["gost", "apa", "chicago", "mla"]
    assert [style.name for style in styles_for_language("az")] == ["apa", "chicago", "mla", "gost"]


def test_initials_keep_abbreviations() -> None:
    for given, short in (
        ("Elmaddin Ali oglu", "E. A. oglu"),
        ("Firudin bəy", "F. bəy"),
        ("Жан-Поль", "Ж.-П."),
        ("Дж. П.", "Дж. П."),
        ("Аз.", "Аз."),
        ("J.R.R.", "J. R. R."),
        ("Назиля Багир кызы", "Н. Б. кызы"),
        ("رضا", "رضا"),
    ):
        assert abbreviate_given_name(given) == short


def test_many_authors_are_abbreviated_per_style() -> None:
    authors = tuple(CreatorName(f"A{number:02}", "B.") for number in range(1, 23))
    item = CitedItem(type="book", title="Ə", authors=authors)
    line = {name: style.write(item).plain for name, style in CITATION_STYLES.items()}
    # APA 9.8: nineteen, an ellipsis and the last.
    assert "A19, B., . . . A22, B. (n.d.)" in line["apa"]
    # CMOS 14.76: with more than ten, the first seven.
    assert ", B. A07, et al. Ə" in line["chicago"]
    assert line["mla"].startswith("A01, B., et al. ")
    assert line["gost"].startswith("Ə / B. A01 [et al.]")


def test_editors_are_placed_per_style() -> None:
    editors = (CreatorName("Smith", "John"), CreatorName("Doe", "Jane"))
    chapter = CitedItem(
        type="chapter",
        title="A Life",
        container="Lives",
        edition="2",
        pages="101-108",
        editors=editors,
        publisher="Press",
        place="Baku",
        lang="en",
    )
    line = {name: style.write(chapter).plain for name, style in CITATION_STYLES.items()}
    assert line["apa"] == (
        "A Life. (n.d.). In J. Smith & J. Doe (Eds.), Lives (2nd ed., pp. 101–108). Press."
    )
    assert line["chicago"] == (
        "“A Life.” In Lives, 2nd ed., edited by John Smith and Jane Doe, 101–8. Baku: Press."
    )
    assert line["mla"] == ("“A Life.” Lives, edited by John Smith and Jane Doe, 2nd ed., Press, pp. 101–08.")
    assert line["gost"] == "A Life // Lives / ed. J. Smith, J. Doe. 2nd ed. Baku : Press. P. 101–108."


def test_thesis_names_its_university_once() -> None:
    thesis = CitedItem(
        type="thesis",
        title="On Names",
        authors=(CreatorName("Doe", "Jane"),),
        publisher="Baku State University",
        genre="PhD dissertation",
        lang="en",
    )
    line = {name: style.write(thesis).plain for name, style in CITATION_STYLES.items()}
    assert line["apa"] == ("Doe, J. (n.d.). On Names [PhD dissertation, Baku State University].")
    assert line["chicago"] == "Doe, Jane. “On Names.” PhD dissertation, Baku State University, n.d."
    assert line["mla"] == "Doe, Jane. On Names. Baku State University, PhD dissertation."
    assert line["gost"] == "Doe J. On Names : PhD dissertation. Baku State University."


def test_archival_items_have_their_shelf_mark() -> None:
    manuscript = CitedItem(
        type="manuscript", title="Məktub", archive="ARDA", shelf="F. 26, siy. 1, iş 5", lang="az"
    )
    for style in CITATION_STYLES.values():
        plain = style.write(manuscript).plain
        assert plain.startswith("Məktub")
        assert "ARDA" in plain
        assert "F. 26, siy. 1, iş 5" in plain


def test_personal_names_are_not_capitalized() -> None:
    name = CitedItem(type="entry-encyclopedia", title="al-Xatib bəy (c. 1030–16th c.)", lang="en")
    work = replace(name, title="the life of a poet")
    for style in ("chicago", "mla"):
        assert "“The Life of a Poet.”" in CITATION_STYLES[style].write(work).plain
        citation = CITATION_STYLES[style].write(replace(name, is_name=True)).plain
        assert citation.startswith("“al-Xatib bəy (c. 1030–16th c.).”")
