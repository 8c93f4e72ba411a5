"""Surnames and the order of names: by the record, in three languages, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa

from biobank.common.i18n import LANGUAGES
from biobank.errors import RecordRefused
from biobank.names.alphabet import sort_key
from biobank.names.surnames import NameParts
from biobank.records.people import models as m
from biobank.records.people.mapping import sort_columns
from biobank.records.people.name_parts import differing_parts, preferred_name_parts
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store import schema
from biobank.store.session import Database
from tests.support import seed
from tests.support.published_people import publish_rows


def named(*texts: str, **parts: Any) -> dict[str, Any]:
    """Return a record with preferred names in the languages of the bank, in their order."""
    names = [
        {"text": text, "lang": lang, "kind": "preferred"}
        for text, lang in zip(texts, LANGUAGES, strict=False)
    ]
    return {"names": names, **parts}


def inverted(record: dict[str, Any]) -> list[str]:
    return [preferred_name_parts(record, lang).inverted for lang in LANGUAGES]


def test_a_surname_of_one_language_shows_that_of_the_others() -> None:
    assert inverted(named("Asəf Zeynallı", "Asaf Zeynally", "Асаф Зейналлы")) == [
        *["Zeynallı, Asəf", "Zeynally, Asaf", "Зейналлы, Асаф"]
    ]
    stated = named("Həmidə Cavanşir", "Hamida Javanshir", "Гамида Джаваншир")
    assert inverted(stated)[0] == "Həmidə Cavanşir"
    stated["names"][1]["family"] = "Javanshir"
    assert inverted(stated) == ["Cavanşir, Həmidə", "Javanshir, Hamida", "Джаваншир, Гамида"]


def test_a_pen_name_of_the_record_is_listed_first_but_is_no_surname() -> None:
    record = named("Molla Pənah Vaqif", "Molla Panah Vagif", "Вагиф Панах")
    record["names"].append({"text": "Vaqif", "lang": "az", "kind": "pen"})
    assert inverted(record) == ["Vaqif, Molla Pənah", "Vagif, Molla Panah", "Вагиф Панах"]
    assert preferred_name_parts(record, "az") == NameParts("", "Molla Pənah", pen="Vaqif")
    assert sort_columns(record)["initial"] == "V"


def test_a_surname_comes_before_a_pen_name() -> None:
    record = named("Mirzə Cəlilov Gülçin")
    record["names"].append({"text": "Gülçin", "lang": "az", "kind": "pen"})
    assert inverted(record)[0] == "Cəlilov, Mirzə Gülçin"


def test_stated_given_names_without_a_surname_are_listed_as_written() -> None:
    record = named("Elçin Azadov", "Elchin Azadov")
    record["names"][0]["given"] = "Elçin Azadov"
    assert inverted(record)[:2] == ["Elçin Azadov", "Azadov, Elchin"]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({}, "Bərgüşadlı, Yusif"),
        ({"death": {"date": "1911"}}, "Bərgüşadlı, Yusif"),
        ({"death": {"date": "1590~"}}, "Yusif Bərgüşadlı"),
        ({"death": {"place": "baku"}, "floruit": {"date": "15XX"}}, "Yusif Bərgüşadlı"),
    ],
)
def test_li_is_a_place_of_origin_before_there_were_surnames(dates: dict[str, Any], expected: str) -> None:
    assert inverted(named("Yusif Bərgüşadlı", **dates))[0] == expected


def test_a_name_in_another_language_is_listed_where_one_is_missing() -> None:
    columns = sort_columns(named("Üzeyir Hacıbəyov"))
    assert [columns[name] for name in ("initial", "initial_en", "initial_ru")] == ["H", "H", "#"]
    assert columns["sort_key_en"] == sort_key("Hacıbəyov\ufffeÜzeyir", "en")


#: People of the seed data whose name has no surname, or none that its ending shows.
LISTED = {
    "nizami-gencevi": ("Nizami Gəncəvi", "Nizami Ganjavi", "Низами Гянджеви"),
    "sah-ismayil-xetai": ("Şah İsmayıl Xətai", "Shah Ismail I (Khatai)", "Шах Исмаил Хатаи"),
    "molla-penah-vaqif": ("Vaqif, Molla Pənah", "Vagif, Molla Panah", "Вагиф, Молла Панах"),
    "mehemmed-fuzuli": ("Füzuli, Məhəmməd", "Fuzuli, Muhammad", "Физули, Мухаммед"),
    "semed-vurgun": ("Səməd Vurğun", "Samad Vurghun", "Самед Вургун"),
    "bulbul": ("Bülbül", "Bulbul", "Бюль-Бюль"),
    "lutfi-zade": ("Zadə, Lütfi", "Zadeh, Lotfi A.", "Заде, Лютфи"),
    "ezize-mustafazade": ("Mustafazadə, Əzizə", "Mustafa Zadeh, Aziza", "Мустафазаде, Азиза"),
    "mirze-kazim-bey": ("Kazım bəy, Mirzə", "Kazem-Bek, Mirza", "Казем-Бек, Александр Касимович"),
    "lev-nussimbaum": (
        "Nussimbaum, Lev (Əsəd bəy)",
        "Nussimbaum, Lev (Essad Bey)",
        "Нуссимбаум, Лев (Эсад-бей)",
    ),
    "mirelli-qasqay": ("Qaşqay, Mirəli", "Gashgai, Mir-Ali", "Кашкай, Мир-Али"),
    "nesib-bey-yusifbeyli": ("Yusifbəyli, Nəsib bəy", "Yusifbeyli, Nasib bey", "Усуббеков, Насиб-бек"),
}


@pytest.mark.parametrize("id_", sorted(LISTED))
def test_people_of_the_seed_data_are_listed_as_encyclopedias_do(id_: str) -> None:
    assert tuple(inverted(seed.people()[id_])) == LISTED[id_]


def test_surnames_are_stated_only_where_the_form_does_not_show_them() -> None:
    assert differing_parts("Reza Deghati", "Deghati", "Reza") == {"family": "Deghati"}
    assert differing_parts("Uzeyir Hajibeyov", "Hajibeyov", "Uzeyir") == {}
    assert differing_parts("Uzeyir Hajibeyov", "Hacıbəyov", "Üzeyir") == {}
    assert differing_parts("Fuzuli", "Fuzuli", "") == {}


@pytest.mark.parametrize("part", ["family", "given"])
def test_parts_are_words_of_the_name(part: str) -> None:
    record = named("Mir Cəfər Pişəvəri")
    record["names"][0][part] = "Pişəvəri"
    assert load_validated(person_schema, record)["names"][0][part] == "Pişəvəri"
    record["names"][0][part] = "Pishevari"
    with pytest.raises(RecordRefused, match="words of the name"):
        load_validated(person_schema, record)


def test_the_migration_orders_published_people(database: Database) -> None:
    records = [record for _, record in sorted(seed.people().items())][:8]
    publish_rows(database, [{**record, "relations": []} for record in records])
    with database.read() as session:
        published = {person.id: person for person in session.scalars(sa.select(m.Person))}
        expected = {
            id_: [getattr(person, name) for name in sort_columns(records[0])]
            for id_, person in published.items()
        }
    assert all(all(columns) for columns in expected.values())
    schema.downgrade(database, "0020")
    schema.upgrade(database)
    with database.read() as session:
        migrated = session.scalars(sa.select(m.Person)).all()
        assert {
            person.id: [getattr(person, name) for name in sort_columns(records[0])] for person in migrated
        } == expected
