"""Citation styles: order of bibliographies, names, editors and special cases."""

from dataclasses import replace

from biobank.exchange.citing.item import Item
from biobank.exchange.citing.names import Name, initials
from biobank.exchange.citing.styles import STYLES, styles_for

ITEMS = [
    Item(type="book", title=title, authors=(Name(family),))
    for family, title in (
        ("Zeynallı", "Bir"),
        ("Ашнин", "Два"),
        ("Əliyev", "Üç"),
        ("Эфендиев", "Г"),
    )
]


def test_russian_lists_begin_with_cyrillic_and_the_others_with_latin() -> None:
    first = {
        name: [line.plain.partition(".")[0] for _item, line in style.bibliography(ITEMS)]
        for name, style in STYLES.items()
    }
    assert first["apa"] == ["Əliyev", "Zeynallı", "Ашнин", "Эфендиев"]
    assert first["gost"] == ["Ашнин", "Эфендиев", "Əliyev", "Zeynallı"]
    assert first["mla"] == first["chicago"] == first["apa"]


def test_russian_pages_offer_gost_first() -> None:
    assert [style.name for style in styles_for("ru")] == ["gost", "apa", "chicago", "mla"]
    assert [style.name for style in styles_for("az")] == ["apa", "chicago", "mla", "gost"]


def test_initials_keep_what_is_short_already() -> None:
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
        assert initials(given) == short


def test_many_authors_are_told_as_each_manual_counts_them() -> None:
    many = tuple(Name(f"A{number:02}", "B.") for number in range(1, 23))
    item = Item(type="book", title="Ə", authors=many)
    line = {name: style.write(item).plain for name, style in STYLES.items()}
    # APA 9.8: nineteen, an ellipsis and the last.
    assert "A19, B., . . . A22, B. (n.d.)" in line["apa"]
    # CMOS 14.76: with more than ten, the first seven.
    assert ", B. A07, et al. Ə" in line["chicago"]
    assert line["mla"].startswith("A01, B., et al. ")
    assert line["gost"].startswith("Ə / B. A01 [et al.]")


def test_editors_stand_where_each_style_puts_them() -> None:
    editors = (Name("Smith", "John"), Name("Doe", "Jane"))
    chapter = Item(
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
    line = {name: style.write(chapter).plain for name, style in STYLES.items()}
    assert line["apa"] == (
        "A Life. (n.d.). In J. Smith & J. Doe (Eds.), Lives (2nd ed., pp. 101–108). Press."
    )
    assert line["chicago"] == (
        "“A Life.” In Lives, 2nd ed., edited by John Smith and Jane Doe, 101–8. Baku: Press."
    )
    assert line["mla"] == (
        "“A Life.” Lives, edited by John Smith and Jane Doe, 2nd ed., Press, pp. 101–08."
    )
    assert (
        line["gost"] == "A Life // Lives / ed. J. Smith, J. Doe. 2nd ed. Baku : Press. P. 101–108."
    )


def test_a_thesis_names_its_university_once() -> None:
    thesis = Item(
        type="thesis",
        title="On Names",
        authors=(Name("Doe", "Jane"),),
        publisher="Baku State University",
        genre="PhD dissertation",
        lang="en",
    )
    line = {name: style.write(thesis).plain for name, style in STYLES.items()}
    assert line["apa"] == ("Doe, J. (n.d.). On Names [PhD dissertation, Baku State University].")
    assert line["chicago"] == "Doe, Jane. “On Names.” PhD dissertation, Baku State University, n.d."
    assert line["mla"] == "Doe, Jane. On Names. Baku State University, PhD dissertation."
    assert line["gost"] == "Doe J. On Names : PhD dissertation. Baku State University."


def test_what_lies_in_an_archive_says_where() -> None:
    letter = Item(
        type="manuscript", title="Məktub", archive="ARDA", shelf="F. 26, siy. 1, iş 5", lang="az"
    )
    for style in STYLES.values():
        plain = style.write(letter).plain
        assert plain.startswith("Məktub")
        assert "ARDA" in plain
        assert "F. 26, siy. 1, iş 5" in plain


def test_headline_capitals_are_not_given_to_the_name_of_a_person() -> None:
    name = Item(type="entry-encyclopedia", title="al-Xatib bəy (c. 1030–16th c.)", lang="en")
    work = replace(name, title="the life of a poet")
    for style in ("chicago", "mla"):
        assert "“The Life of a Poet.”" in STYLES[style].write(work).plain
        told = STYLES[style].write(replace(name, is_name=True)).plain
        assert told.startswith("“al-Xatib bəy (c. 1030–16th c.).”")
