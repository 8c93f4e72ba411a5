"""Detailed queries: in words, as a URL, and as conditions on the records."""

from dataclasses import dataclass

from tests.relevance.date_conditions import (
    certainly_born,
    certainly_died,
    lived_years,
    of_century,
    possibly_born,
    possibly_died,
    without_date_of,
)
from tests.relevance.fact_conditions import (
    cites,
    cites_title,
    has_award,
    has_gender,
    has_name_word,
    has_no_relations,
    has_profession,
    has_relation,
    has_text,
    has_text_prefix,
    has_work_with,
    has_work_with_phrase,
    is_member_of,
    is_related_to,
)
from tests.relevance.oracle import Condition, all_of, any_of, has_no, none_of
from tests.relevance.place_conditions import (
    born_in,
    died_in,
    has_place,
    in_box,
    lived_in,
    within_km,
    without_place_of,
)

#: Years outside the range of all people in the bank.
FIRST, LAST = 1, 2999


@dataclass(frozen=True)
class DetailedQuery:
    """A query; `address` is the query string of a search page before percent-encoding."""

    description: str
    lang: str
    address: str
    conditions: tuple[Condition, ...]


def _detailed_query(meaning: str, lang: str, address: str, *conditions: Condition) -> DetailedQuery:
    return DetailedQuery(meaning, lang, address, conditions)


# fmt: off
# A table; the formatter would put each condition on its own line.
QUESTIONS = (
    # Facets in URLs
    _detailed_query("women who wrote or composed, born 1900–1950, who lived in Turkey or Iran", "en",
         "profession=composer&profession=writer&gender=female&born=1900..1950&country=TR&country=IR",
         has_profession("composer", "writer"), has_gender("female"), possibly_born(1900, 1950),
         lived_in("TR", "IR")),
    _detailed_query("scientists and engineers in the United States", "en",
         "country=US&profession=scientist&profession=engineer",
         lived_in("US"), has_profession("scientist", "engineer")),
    _detailed_query("born in the 20th century and never lived in Azerbaijan", "ru", "century=20&country=-AZ",
         of_century(20), none_of(lived_in("AZ"))),
    _detailed_query("women of the academy who were not teachers", "az",
         "organisation=azerbaijan-academy-of-sciences&gender=female&profession=-educator",
         is_member_of("azerbaijan-academy-of-sciences"), has_gender("female"),
         none_of(has_profession("educator"))),
    _detailed_query("born in Karabakh or Qazax, but not in Shusha", "az",
         "birthplace=qarabag&birthplace=qazax&birthplace=-susa",
         born_in("qarabag", "qazax"), none_of(born_in("susa"))),
    _detailed_query("painters and sculptors whose place of death is not known, died after 2000", "ru",
         "profession=painter&profession=sculptor&deathplace=unknown&died=>2000",
         has_profession("painter", "sculptor"), without_place_of("death"), possibly_died(2001, LAST)),
    _detailed_query("died 1920–1960, and not known to have in Azerbaijan, Georgia or Russia", "en",
         "deathplace=-azerbaijan&deathplace=-georgia&deathplace=-russia&died=1920..1960",
         none_of(died_in("azerbaijan", "georgia", "russia")), possibly_died(1920, 1960)),
    _detailed_query("of the 12th century and not born in Ganja", "az", "century=12&birthplace=-gence",
         of_century(12), none_of(born_in("gence"))),
    _detailed_query("composers of the conservatoire born 1880–1919", "az",
         "profession=composer&organisation=baku-music-academy&born=1880..1919",
         has_profession("composer"), is_member_of("baku-music-academy"), possibly_born(1880, 1919)),

    # Dates: possible, certain, unknown
    _detailed_query("possibly born 1480–1500", "en", "born=1480..1500", possibly_born(1480, 1500)),
    _detailed_query("poets certainly born 1480–1870 in Azerbaijan", "en",
         "profession=poet&born=1480..1870&certainty=certain&birthplace=azerbaijan",
         has_profession("poet"), certainly_born(1480, 1870), born_in("azerbaijan")),
    _detailed_query("certainly died in 1937 or 1938, a poet or a politician", "ru",
         "q=(профессия:поэт ИЛИ профессия:политик)&died=1937..1938&certainty=certain",
         has_profession("poet", "politician"), certainly_died(1937, 1938)),
    _detailed_query("lived in Iran, and no birth is known", "az", "q=doğulub:unknown ölkə:İran",
         without_date_of("birth"), lived_in("IR")),
    _detailed_query("engineers in the United States whose year of birth is not known", "en",
         "profession=engineer&country=US&born=unknown",
         has_profession("engineer"), lived_in("US"), without_date_of("birth")),
    _detailed_query("not men, not composers, and of whom no death is known", "en",
         "q=-profession:composer -gender:male died:unknown",
         none_of(has_profession("composer")), none_of(has_gender("male")), without_date_of("death")),
    _detailed_query("no birthplace is known, but a birth", "ru", "birthplace=unknown&q=-born:unknown",
         without_place_of("birth"), none_of(without_date_of("birth"))),
    _detailed_query("born before 1700 in Azerbaijan and not poets", "en",
         "q=born:<1700 -profession:poet country:Azerbaijan",
         possibly_born(FIRST, 1699), none_of(has_profession("poet")), lived_in("AZ")),

    # Ages
    _detailed_query("possibly lived beyond ninety", "en", "q=age:>90", lived_years(91, 200)),
    _detailed_query("poets who possibly died before forty", "ru", "q=возраст:<40 профессия:поэт",
         lived_years(0, 39), has_profession("poet")),
    _detailed_query("musicians who lived sixty to seventy years", "az", "q=yaş:60..70 peşə:musiqiçi",
         lived_years(60, 70), has_profession("musician")),
    _detailed_query("not men, possibly lived 79 to 81 years, born before 1917", "az",
         "q=yaş:79..81 -cins:kişi doğulub:<1917",
         lived_years(79, 81), none_of(has_gender("male")), possibly_born(FIRST, 1916)),

    # Places
    _detailed_query("women within 60 km of Shusha", "az", "q=yaxın:Şuşa~60km cins:qadın",
         within_km("susa", 60), has_gender("female")),
    _detailed_query("near Tabriz, and never wrote", "en", "q=near:Tabriz -profession:writer",
         within_km("tebriz", 50), none_of(has_profession("writer"))),
    _detailed_query("playwrights within 100 km of Tbilisi", "ru", "q=рядом:Тбилиси~100km профессия:драматург",
         within_km("tbilisi", 100), has_profession("playwright")),
    _detailed_query("writers and journalists within 20 km of Paris", "ru",
         "q=рядом:Париж~20km (профессия:писатель ИЛИ профессия:журналист)",
         within_km("paris", 20), has_profession("writer", "journalist")),
    _detailed_query("writers born in the north-west of Iran", "en",
         "bbox=44.5,36.5,48.7,38.8&tie=birth&profession=writer",
         in_box(44.5, 36.5, 48.7, 38.8, "birth"), has_profession("writer")),
    _detailed_query("died in western or central Europe", "en", "bbox=-10,36,20,60&tie=death",
         in_box(-10, 36, 20, 60, "death")),
    _detailed_query("musicians active in western or central Europe", "az",
         "bbox=-10,36,20,60&tie=activity&profession=musician",
         in_box(-10, 36, 20, 60, "activity"), has_profession("musician")),
    _detailed_query("any tie to America, and not physicists", "ru", "bbox=-130,24,-60,50&q=-профессия:физик",
         in_box(-130, 24, -60, 50), none_of(has_profession("physicist"))),
    _detailed_query("born in Tbilisi, died in Moscow", "ru", "q=место-рождения:Тбилиси место-смерти:Москва",
         born_in("tbilisi"), died_in("moscow")),
    _detailed_query("tied to Tabriz, but not born in Iran", "az", "q=yer:Təbriz -doğum-yeri:İran",
         has_place("tebriz"), none_of(born_in("iran"))),
    _detailed_query("poets born in the nineteenth century with no tie to Baku", "en",
         "q=profession:poet -place:Baku century:XIX",
         has_profession("poet"), none_of(has_place("baku")), of_century(19)),
    _detailed_query("poets born in Shamakhi", "az", "q=peşə:şair doğum-yeri:Şamaxı",
         has_profession("poet"), born_in("samaxi")),
    _detailed_query("artists not born in Baku", "ru", "q=профессия:художник -место-рождения:Баку",
         has_profession("artist"), none_of(born_in("baku"))),
    _detailed_query("politicians who lived in Turkey and in Georgia", "az",
         "q=ölkə:Türkiyə ölkə:Gürcüstan peşə:siyasətçi",
         lived_in("TR"), lived_in("GE"), has_profession("politician")),

    # Relations, organisations, awards
    _detailed_query("composers tied to Uzeyir Hajibeyov", "az",
         'q=relation:"Üzeyir Hacıbəyov" profession:composer',
         is_related_to("uzeyir-hacibeyov"), has_profession("composer")),
    _detailed_query("women tied to Uzeyir Hajibeyov", "ru", "q=связь:uzeyir-hacibeyov пол:женский",
         is_related_to("uzeyir-hacibeyov"), has_gender("female")),
    _detailed_query("had a teacher and composed nothing", "en", "q=relation:teacher -profession:composer",
         has_relation("teacher"), none_of(has_profession("composer"))),
    _detailed_query("teachers of others in the bank who were no poets", "az", "q=əlaqə:student -peşə:şair",
         has_relation("student"), none_of(has_profession("poet"))),
    _detailed_query("spouses or siblings of others in the bank, but not poets", "en",
         "q=(relation:spouse OR relation:sibling) NOT profession:poet",
         has_relation("spouse", "sibling"), none_of(has_profession("poet"))),
    _detailed_query("poets tied to nobody in the bank, born after 1800", "en",
         "q=relation:unknown profession:poet&born=>1800",
         has_no_relations, has_profession("poet"), possibly_born(1801, LAST)),
    _detailed_query("composers with a Stalin Prize who were not conductors", "az",
         'q=mükafat:"Stalin mükafatı" peşə:bəstəkar -peşə:dirijor',
         has_award("stalin-prize"), has_profession("composer"),
         none_of(has_profession("conductor"))),
    _detailed_query("Lenin Prize or Order of Lenin, and a tie to Moscow", "ru",
         'q=(награда:"Ленинская премия" ИЛИ награда:"Орден Ленина") место:Москва',
         has_award("lenin-prize", "order-of-lenin"), has_place("moscow")),
    _detailed_query("musicians without an award who died after 1930", "en",
         "q=award:unknown profession:musician died:>1930",
         has_no("awards"), has_profession("musician"), possibly_died(1931, LAST)),
    _detailed_query("Musavat members who died abroad", "az",
         'q=təşkilat:"Müsavat Partiyası" -vəfat-yeri:Azərbaycan',
         is_member_of("musavat-party"), none_of(died_in("azerbaijan"))),
    _detailed_query("women of the twentieth century of no organisation", "ru",
         "q=организация:unknown пол:женский век:XX",
         has_no("memberships"), has_gender("female"), of_century(20)),

    # Works, sources, words
    _detailed_query("made an opera and never conducted", "az", "q=əsər:opera -peşə:dirijor",
         has_work_with("opera"), none_of(has_profession("conductor"))),
    _detailed_query("a work called Layla and Majnun, not by a musician", "az",
         'q=əsər:"Leyli və Məcnun" -peşə:musiqiçi',
         has_work_with_phrase("Leyli və Məcnun"), none_of(has_profession("musician"))),
    _detailed_query("writers of whom no work is recorded", "ru", "q=произведение:unknown профессия:писатель",
         has_no("works"), has_profession("writer")),
    _detailed_query("women who played roles or wrote novels, and never lived in Russia", "en",
         "q=(work:role OR work:novel) gender:female -country:RU",
         any_of(has_work_with("role"), has_work_with("novel")), has_gender("female"), none_of(lived_in("RU"))),
    _detailed_query("cites an article remembering somebody", "en", "q=source:Remembering",
         cites_title("Remembering")),
    _detailed_query("men for whom a source on Ashug Peri is cited", "az",
         "q=mənbə:mustaqil-asiq-peri cins:kişi", cites("mustaqil-asiq-peri"), has_gender("male")),
    _detailed_query("carpets are told of, and it is no poet", "az", "q=mətn:xalça* -peşə:şair",
         has_text_prefix("xalça"), none_of(has_profession("poet"))),
    _detailed_query("women of whom an opera house is told", "en", 'q=text:"opera house"&gender=female',
         has_text("opera house"), has_gender("female")),
    _detailed_query("oil workers are told of, and it is no man", "en", 'q="oil workers" -gender:male',
         has_text("oil workers"), none_of(has_gender("male"))),
    _detailed_query("Layla and Majnun is told of, and it is no composer", "az",
         'q=mətn:"Leyli və Məcnun" -peşə:bəstəkar',
         has_text("Leyli və Məcnun"), none_of(has_profession("composer"))),
    _detailed_query("Molla Nasreddin is told of, and it is not its founder", "az",
         'q="Molla Nəsrəddin" -name:Məmmədquluzadə',
         has_text("Molla Nəsrəddin"), none_of(has_name_word("Məmmədquluzadə"))),
    _detailed_query("exhibitions are told of in Russian, not born in Baku", "ru",
         "q=выставк* -место-рождения:Баку", has_text_prefix("выставк"), none_of(born_in("baku"))),
    _detailed_query("those called Topchubashov who were no diplomats", "ru",
         "q=имя:Топчибашев -профессия:дипломат",
         has_name_word("Топчибашев"), none_of(has_profession("diplomat"))),
    _detailed_query("words in bəst- with a life in Germany", "az", "q=bəst* ölkə:Almaniya",
         has_text_prefix("bəst"), lived_in("DE")),
    _detailed_query("those called Hajibeyov who conducted nothing", "az", "q=ad:Hacıbəyov -peşə:dirijor",
         has_name_word("Hacıbəyov"), none_of(has_profession("conductor"))),

    # Nested
    _detailed_query("poets with an award or a life in Iran, women only", "en",
         "q=(profession:poet (country:IR OR -award:unknown)) gender:female",
         has_profession("poet"), any_of(lived_in("IR"), none_of(has_no("awards"))), has_gender("female")),
    _detailed_query("either aviators, or musicians of Shusha; not men who conducted", "en",
         "q=(profession:aviator OR (profession:musician birthplace:Shusha)) "
         "-(gender:male profession:conductor)",
         any_of(has_profession("aviator"), all_of(has_profession("musician"), born_in("susa"))),
         none_of(all_of(has_gender("male"), has_profession("conductor")))),
)
# fmt: on
