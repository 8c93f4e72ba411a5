"""Fields of the query language: their names in three languages and the kinds of their values."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from biobank.names.folding import fold


class QueryFieldKind(Enum):
    """The kind of value of a field."""

    WORDS = "words"
    #: An id, or a label in any language.
    TERM = "term"
    #: A person by id or name, or a relation type.
    PERSON = "person"
    #: A person by id or name, related as the field says.
    RELATED_PERSON = "related person"
    DATES = "dates"
    AGE = "age"
    PLACE_NEAR = "near"


#: Fields of the people with a relation, named as its type: `teacher:"Qara Qarayev"` are those whom he
#: taught. They are the types of `seed_data/vocabularies/relation.yaml`.
RELATION_FIELDS: Final = (
    "parent",
    "child",
    "spouse",
    "sibling",
    "grandparent",
    "grandchild",
    "relative",
    "teacher",
    "student",
    "colleague",
    "collaborator",
    "friend",
    "patron",
    "protege",
    "influence",
    "influenced-by",
    "opponent",
    "predecessor",
    "successor",
)
FIELD_KINDS: Final[Mapping[str, QueryFieldKind]] = {
    "name": QueryFieldKind.WORDS,
    "text": QueryFieldKind.WORDS,
    "work": QueryFieldKind.WORDS,
    "source": QueryFieldKind.WORDS,
    "profession": QueryFieldKind.TERM,
    "place": QueryFieldKind.TERM,
    "birthplace": QueryFieldKind.TERM,
    "deathplace": QueryFieldKind.TERM,
    "country": QueryFieldKind.TERM,
    "organisation": QueryFieldKind.TERM,
    "award": QueryFieldKind.TERM,
    "gender": QueryFieldKind.TERM,
    "century": QueryFieldKind.TERM,
    "language": QueryFieldKind.TERM,
    "relation": QueryFieldKind.PERSON,
    **dict.fromkeys(RELATION_FIELDS, QueryFieldKind.RELATED_PERSON),
    "event": QueryFieldKind.TERM,
    "born": QueryFieldKind.DATES,
    "died": QueryFieldKind.DATES,
    "alive": QueryFieldKind.DATES,
    "age": QueryFieldKind.AGE,
    "near": QueryFieldKind.PLACE_NEAR,
    "lacks": QueryFieldKind.TERM,
    "unsourced": QueryFieldKind.TERM,
    "uncertain": QueryFieldKind.TERM,
    "stale": QueryFieldKind.TERM,
    "checked": QueryFieldKind.DATES,
}
#: The value of a field that matches people without recorded data.
UNKNOWN: Final = "unknown"
#: Fields without the value `unknown`: name, near and the completeness fields always have data.
ALWAYS_KNOWN: Final = frozenset({"name", "near", "lacks", "unsourced", "uncertain", "stale"})

#: Field names by language; the first is displayed to readers of the language.
FIELD_NAMES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "az": {
        "name": ("ad",),
        "text": ("mətn",),
        "work": ("əsər",),
        "source": ("mənbə",),
        "profession": ("peşə",),
        "place": ("yer",),
        "birthplace": ("doğum-yeri", "doğulduğu-yer"),
        "deathplace": ("vəfat-yeri", "ölüm-yeri"),
        "country": ("ölkə",),
        "organisation": ("təşkilat",),
        "award": ("mükafat",),
        "gender": ("cins",),
        "century": ("əsr",),
        "language": ("dil",),
        "relation": ("əlaqə",),
        "parent": ("valideyn", "valideyni"),
        "child": ("övlad", "övladı"),
        "spouse": ("həyat-yoldaşı",),
        "sibling": ("qardaş-bacı", "qardaşı-bacısı"),
        "grandparent": ("baba-nənə", "babası-nənəsi"),
        "grandchild": ("nəvə", "nəvəsi"),
        "relative": ("qohum", "qohumu"),
        "teacher": ("müəllim", "müəllimi"),
        "student": ("tələbə", "tələbəsi"),
        "colleague": ("həmkar", "həmkarı"),
        "collaborator": ("birgə-çalışdığı", "həmmüəllif"),
        "friend": ("dost", "dostu"),
        "patron": ("himayədar", "himayədarı"),
        "protege": ("himayə-etdiyi",),
        "influence": ("təsirləndiyi",),
        "influenced-by": ("təsir-göstərdiyi",),
        "opponent": ("əleyhdar", "əleyhdarı"),
        "predecessor": ("sələf", "sələfi"),
        "successor": ("xələf", "xələfi"),
        "event": ("hadisə",),
        "born": ("doğulub", "doğum"),
        "died": ("vəfat", "ölüb", "ölüm"),
        "alive": ("yaşayıb",),
        "age": ("yaş",),
        "near": ("yaxın",),
        "lacks": ("yoxdur", "çatışmır"),
        "unsourced": ("mənbəsiz",),
        "uncertain": ("qeyri-dəqiq",),
        "stale": ("köhnəlib",),
        "checked": ("tutuşdurulub", "yoxlanılıb"),
    },
    "en": {
        **{field: (field,) for field in FIELD_KINDS},
        "birthplace": ("birthplace", "birth-place"),
        "deathplace": ("deathplace", "death-place"),
        "organisation": ("organisation", "organization", "org"),
        "alive": ("alive", "lived"),
        "checked": ("checked", "verified"),
    },
    "ru": {
        "name": ("имя",),
        "text": ("текст",),
        "work": ("произведение",),
        "source": ("источник",),
        "profession": ("профессия",),
        "place": ("место",),
        "birthplace": ("место-рождения",),
        "deathplace": ("место-смерти",),
        "country": ("страна",),
        "organisation": ("организация",),
        "award": ("награда",),
        "gender": ("пол",),
        "century": ("век",),
        "language": ("язык",),
        "relation": ("связь",),
        "parent": ("родитель",),
        "child": ("ребёнок",),
        "spouse": ("супруг", "супруга"),
        "sibling": ("брат-сестра", "брат-или-сестра"),
        "grandparent": ("дед-бабушка", "дед-или-бабушка"),
        "grandchild": ("внук", "внучка"),
        "relative": ("родственник", "родственница"),
        "teacher": ("учитель", "учительница"),
        "student": ("ученик", "ученица"),
        "colleague": ("коллега",),
        "collaborator": ("соавтор", "соратник"),
        "friend": ("друг",),
        "patron": ("покровитель",),
        "protege": ("подопечный",),
        "influence": ("под-влиянием",),
        "influenced-by": ("повлиял-на", "повлияла-на"),
        "opponent": ("оппонент",),
        "predecessor": ("предшественник",),
        "successor": ("преемник",),
        "event": ("событие",),
        "born": ("родился", "родилась", "рождение"),
        "died": ("умер", "умерла", "смерть"),
        "alive": ("жил", "жила"),
        "age": ("возраст",),
        "near": ("рядом", "около"),
        "lacks": ("нет", "недостаёт"),
        "unsourced": ("без-источника",),
        "uncertain": ("неточно",),
        "stale": ("устарело", "устарел"),
        "checked": ("сверено", "проверено"),
    },
}


def _name_key(name: str) -> str:
    return fold(name).replace("-", "").replace("_", "")


_BY_NAME: Final = {
    _name_key(name): field
    for names in FIELD_NAMES.values()
    for field, all_names in names.items()
    for name in all_names
}


def find_field(name: str) -> str | None:
    """Return the field of a name in any language, ignoring case, accents and hyphens."""
    return _BY_NAME.get(_name_key(name))
