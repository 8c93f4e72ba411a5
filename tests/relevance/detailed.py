"""Detailed queries: in words, as a URL, and as conditions on the records."""

from dataclasses import dataclass

from tests.relevance.bank import Condition, both, either, neither, without
from tests.relevance.facts import (
    belonged_to,
    called,
    cites,
    cites_in_words,
    has_a,
    has_profession,
    in_text,
    in_text_begins,
    is_,
    is_tied_to_nobody,
    made,
    made_in_words,
    tied_to_person,
    was_given,
)
from tests.relevance.when import (
    born,
    certainly_born,
    certainly_died,
    died,
    lived_years,
    of_century,
    without_date_of,
)
from tests.relevance.where import (
    born_in,
    died_in,
    in_box,
    lived_in,
    tied_to,
    within_km,
    without_place_of,
)

#: Years outside the range of all people in the bank.
FIRST, LAST = 1, 2999


@dataclass(frozen=True)
class Question:
    """A query; `address` is the query string of a search page before percent-encoding."""

    meaning: str
    lang: str
    address: str
    conditions: tuple[Condition, ...]


def _ask(meaning: str, lang: str, address: str, *conditions: Condition) -> Question:
    return Question(meaning, lang, address, conditions)


# fmt: off
# A table; the formatter would put each condition on its own line.
QUESTIONS = (
    # Facets in URLs
    _ask("women who wrote or composed, born 1900–1950, who lived in Turkey or Iran", "en",
         "profession=composer&profession=writer&gender=female&born=1900..1950&country=TR&country=IR",
         has_profession("composer", "writer"), is_("female"), born(1900, 1950),
         lived_in("TR", "IR")),
    _ask("scientists and engineers in the United States", "en",
         "country=US&profession=scientist&profession=engineer",
         lived_in("US"), has_profession("scientist", "engineer")),
    _ask("born in the 20th century and never lived in Azerbaijan", "ru", "century=20&country=-AZ",
         of_century(20), neither(lived_in("AZ"))),
    _ask("women of the academy who were not teachers", "az",
         "organisation=azerbaijan-academy-of-sciences&gender=female&profession=-educator",
         belonged_to("azerbaijan-academy-of-sciences"), is_("female"),
         neither(has_profession("educator"))),
    _ask("born in Karabakh or Qazax, but not in Shusha", "az",
         "birthplace=qarabag&birthplace=qazax&birthplace=-susa",
         born_in("qarabag", "qazax"), neither(born_in("susa"))),
    _ask("painters and sculptors whose place of death is not known, died after 2000", "ru",
         "profession=painter&profession=sculptor&deathplace=unknown&died=>2000",
         has_profession("painter", "sculptor"), without_place_of("death"), died(2001, LAST)),
    _ask("died 1920–1960, and not known to have in Azerbaijan, Georgia or Russia", "en",
         "deathplace=-azerbaijan&deathplace=-georgia&deathplace=-russia&died=1920..1960",
         neither(died_in("azerbaijan", "georgia", "russia")), died(1920, 1960)),
    _ask("of the 12th century and not born in Ganja", "az", "century=12&birthplace=-gence",
         of_century(12), neither(born_in("gence"))),
    _ask("composers of the conservatoire born 1880–1919", "az",
         "profession=composer&organisation=baku-music-academy&born=1880..1919",
         has_profession("composer"), belonged_to("baku-music-academy"), born(1880, 1919)),

    # Dates: possible, certain, unknown
    _ask("possibly born 1480–1500", "en", "born=1480..1500", born(1480, 1500)),
    _ask("poets certainly born 1480–1870 in Azerbaijan", "en",
         "profession=poet&born=1480..1870&certainty=certain&birthplace=azerbaijan",
         has_profession("poet"), certainly_born(1480, 1870), born_in("azerbaijan")),
    _ask("certainly died in 1937 or 1938, a poet or a politician", "ru",
         "q=(профессия:поэт ИЛИ профессия:политик)&died=1937..1938&certainty=certain",
         has_profession("poet", "politician"), certainly_died(1937, 1938)),
    _ask("lived in Iran, and no birth is known", "az", "q=doğulub:unknown ölkə:İran",
         without_date_of("birth"), lived_in("IR")),
    _ask("engineers in the United States whose year of birth is not known", "en",
         "profession=engineer&country=US&born=unknown",
         has_profession("engineer"), lived_in("US"), without_date_of("birth")),
    _ask("not men, not composers, and of whom no death is known", "en",
         "q=-profession:composer -gender:male died:unknown",
         neither(has_profession("composer")), neither(is_("male")), without_date_of("death")),
    _ask("no birthplace is known, but a birth", "ru", "birthplace=unknown&q=-born:unknown",
         without_place_of("birth"), neither(without_date_of("birth"))),
    _ask("born before 1700 in Azerbaijan and not poets", "en",
         "q=born:<1700 -profession:poet country:Azerbaijan",
         born(FIRST, 1699), neither(has_profession("poet")), lived_in("AZ")),

    # Ages
    _ask("possibly lived beyond ninety", "en", "q=age:>90", lived_years(91, 200)),
    _ask("poets who possibly died before forty", "ru", "q=возраст:<40 профессия:поэт",
         lived_years(0, 39), has_profession("poet")),
    _ask("musicians who lived sixty to seventy years", "az", "q=yaş:60..70 peşə:musiqiçi",
         lived_years(60, 70), has_profession("musician")),
    _ask("not men, possibly lived 79 to 81 years, born before 1917", "az",
         "q=yaş:79..81 -cins:kişi doğulub:<1917",
         lived_years(79, 81), neither(is_("male")), born(FIRST, 1916)),

    # Places
    _ask("women within 60 km of Shusha", "az", "q=yaxın:Şuşa~60km cins:qadın",
         within_km("susa", 60), is_("female")),
    _ask("near Tabriz, and never wrote", "en", "q=near:Tabriz -profession:writer",
         within_km("tebriz", 50), neither(has_profession("writer"))),
    _ask("playwrights within 100 km of Tbilisi", "ru", "q=рядом:Тбилиси~100km профессия:драматург",
         within_km("tbilisi", 100), has_profession("playwright")),
    _ask("writers and journalists within 20 km of Paris", "ru",
         "q=рядом:Париж~20km (профессия:писатель ИЛИ профессия:журналист)",
         within_km("paris", 20), has_profession("writer", "journalist")),
    _ask("writers born in the north-west of Iran", "en",
         "bbox=44.5,36.5,48.7,38.8&tie=birth&profession=writer",
         in_box(44.5, 36.5, 48.7, 38.8, "birth"), has_profession("writer")),
    _ask("died in western or central Europe", "en", "bbox=-10,36,20,60&tie=death",
         in_box(-10, 36, 20, 60, "death")),
    _ask("musicians active in western or central Europe", "az",
         "bbox=-10,36,20,60&tie=activity&profession=musician",
         in_box(-10, 36, 20, 60, "activity"), has_profession("musician")),
    _ask("any tie to America, and not physicists", "ru", "bbox=-130,24,-60,50&q=-профессия:физик",
         in_box(-130, 24, -60, 50), neither(has_profession("physicist"))),
    _ask("born in Tbilisi, died in Moscow", "ru", "q=место-рождения:Тбилиси место-смерти:Москва",
         born_in("tbilisi"), died_in("moscow")),
    _ask("tied to Tabriz, but not born in Iran", "az", "q=yer:Təbriz -doğum-yeri:İran",
         tied_to("tebriz"), neither(born_in("iran"))),
    _ask("poets born in the nineteenth century with no tie to Baku", "en",
         "q=profession:poet -place:Baku century:XIX",
         has_profession("poet"), neither(tied_to("baku")), of_century(19)),
    _ask("poets born in Shamakhi", "az", "q=peşə:şair doğum-yeri:Şamaxı",
         has_profession("poet"), born_in("samaxi")),
    _ask("artists not born in Baku", "ru", "q=профессия:художник -место-рождения:Баку",
         has_profession("artist"), neither(born_in("baku"))),
    _ask("politicians who lived in Turkey and in Georgia", "az",
         "q=ölkə:Türkiyə ölkə:Gürcüstan peşə:siyasətçi",
         lived_in("TR"), lived_in("GE"), has_profession("politician")),

    # Relations, organisations, awards
    _ask("composers tied to Uzeyir Hajibeyov", "az",
         'q=relation:"Üzeyir Hacıbəyov" profession:composer',
         tied_to_person("uzeyir-hacibeyov"), has_profession("composer")),
    _ask("women tied to Uzeyir Hajibeyov", "ru", "q=связь:uzeyir-hacibeyov пол:женский",
         tied_to_person("uzeyir-hacibeyov"), is_("female")),
    _ask("had a teacher and composed nothing", "en", "q=relation:teacher -profession:composer",
         has_a("teacher"), neither(has_profession("composer"))),
    _ask("teachers of others in the bank who were no poets", "az", "q=əlaqə:student -peşə:şair",
         has_a("student"), neither(has_profession("poet"))),
    _ask("spouses or siblings of others in the bank, but not poets", "en",
         "q=(relation:spouse OR relation:sibling) NOT profession:poet",
         has_a("spouse", "sibling"), neither(has_profession("poet"))),
    _ask("poets tied to nobody in the bank, born after 1800", "en",
         "q=relation:unknown profession:poet&born=>1800",
         is_tied_to_nobody, has_profession("poet"), born(1801, LAST)),
    _ask("composers with a Stalin Prize who were not conductors", "az",
         'q=mükafat:"Stalin mükafatı" peşə:bəstəkar -peşə:dirijor',
         was_given("stalin-prize"), has_profession("composer"),
         neither(has_profession("conductor"))),
    _ask("Lenin Prize or Order of Lenin, and a tie to Moscow", "ru",
         'q=(награда:"Ленинская премия" ИЛИ награда:"Орден Ленина") место:Москва',
         was_given("lenin-prize", "order-of-lenin"), tied_to("moscow")),
    _ask("musicians without an award who died after 1930", "en",
         "q=award:unknown profession:musician died:>1930",
         without("awards"), has_profession("musician"), died(1931, LAST)),
    _ask("Musavat members who died abroad", "az",
         'q=təşkilat:"Müsavat Partiyası" -vəfat-yeri:Azərbaycan',
         belonged_to("musavat-party"), neither(died_in("azerbaijan"))),
    _ask("women of the twentieth century of no organisation", "ru",
         "q=организация:unknown пол:женский век:XX",
         without("memberships"), is_("female"), of_century(20)),

    # Works, sources, words
    _ask("made an opera and never conducted", "az", "q=əsər:opera -peşə:dirijor",
         made("opera"), neither(has_profession("conductor"))),
    _ask("a work called Layla and Majnun, not by a musician", "az",
         'q=əsər:"Leyli və Məcnun" -peşə:musiqiçi',
         made_in_words("Leyli və Məcnun"), neither(has_profession("musician"))),
    _ask("writers of whom no work is recorded", "ru", "q=произведение:unknown профессия:писатель",
         without("works"), has_profession("writer")),
    _ask("women who played roles or wrote novels, and never lived in Russia", "en",
         "q=(work:role OR work:novel) gender:female -country:RU",
         either(made("role"), made("novel")), is_("female"), neither(lived_in("RU"))),
    _ask("cites an article remembering somebody", "en", "q=source:Remembering",
         cites_in_words("Remembering")),
    _ask("men for whom a source on Ashug Peri is cited", "az",
         "q=mənbə:mustaqil-asiq-peri cins:kişi", cites("mustaqil-asiq-peri"), is_("male")),
    _ask("carpets are told of, and it is no poet", "az", "q=mətn:xalça* -peşə:şair",
         in_text_begins("xalça"), neither(has_profession("poet"))),
    _ask("women of whom an opera house is told", "en", 'q=text:"opera house"&gender=female',
         in_text("opera house"), is_("female")),
    _ask("oil workers are told of, and it is no man", "en", 'q="oil workers" -gender:male',
         in_text("oil workers"), neither(is_("male"))),
    _ask("Layla and Majnun is told of, and it is no composer", "az",
         'q=mətn:"Leyli və Məcnun" -peşə:bəstəkar',
         in_text("Leyli və Məcnun"), neither(has_profession("composer"))),
    _ask("Molla Nasreddin is told of, and it is not its founder", "az",
         'q="Molla Nəsrəddin" -name:Məmmədquluzadə',
         in_text("Molla Nəsrəddin"), neither(called("Məmmədquluzadə"))),
    _ask("exhibitions are told of in Russian, not born in Baku", "ru",
         "q=выставк* -место-рождения:Баку", in_text_begins("выставк"), neither(born_in("baku"))),
    _ask("those called Topchubashov who were no diplomats", "ru",
         "q=имя:Топчибашев -профессия:дипломат",
         called("Топчибашев"), neither(has_profession("diplomat"))),
    _ask("words in bəst- with a life in Germany", "az", "q=bəst* ölkə:Almaniya",
         in_text_begins("bəst"), lived_in("DE")),
    _ask("those called Hajibeyov who conducted nothing", "az", "q=ad:Hacıbəyov -peşə:dirijor",
         called("Hacıbəyov"), neither(has_profession("conductor"))),

    # Nested
    _ask("poets with an award or a life in Iran, women only", "en",
         "q=(profession:poet (country:IR OR -award:unknown)) gender:female",
         has_profession("poet"), either(lived_in("IR"), neither(without("awards"))), is_("female")),
    _ask("either aviators, or musicians of Shusha; not men who conducted", "en",
         "q=(profession:aviator OR (profession:musician birthplace:Shusha)) "
         "-(gender:male profession:conductor)",
         either(has_profession("aviator"), both(has_profession("musician"), born_in("susa"))),
         neither(both(is_("male"), has_profession("conductor")))),
)
# fmt: on
