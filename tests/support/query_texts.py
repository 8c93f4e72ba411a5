"""Query texts: plausible, mistyped and absurd ones."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from biobank.search.language.fields import FIELD_NAMES
from biobank.search.query import MAX_QUERY_CHARS

QUERY_FIELD_NAMES = tuple(
    sorted({name for fields in FIELD_NAMES.values() for names in fields.values() for name in names})
)
#: Values of every type of field, in several languages; some are invalid in some fields.
VALUES = (
    *("composer", "bəstəkar", "поэт", "musician", "baku", "Bakı", "Шуша", "AZ", "Türkiyə", "female"),
    *("qadın", "мужской", "XIX", "19", "1bce", "ru", "teacher", "lenin-prize", "unknown", "opera"),
    *("1885", "188X", "1880..1920", "<1900", ">1900", "1880-1890", "1885-02-30", "1141~", "1880s"),
    *("90", "60..70", ">90", "<30", "Şuşa~50km", "Tabriz~0km", "nonesuch", '"Üzeyir Hacıbəyov"'),
    *('"Xan kəndi"~20km', "hacı*", "(a OR b)", "-x", "…", "uzeyir-hacibeyov", "qwertyuiop"),
)
WORDS = ("opera", "операх", "operanın", "Hacıbəyov", "və", "the", "и", "Nizami", "XVIII", "1908")
SIGNS = (
    *("OR", "ИЛИ", "VƏYA", "||", "|", "AND", "&&", "NOT", "-", "--", "−", "(", ")", "()", "((", "))"),
    *('"', "“", "”", "„", "«", "»", ":", "::", "*", "**", "~", "~5km", "..", "<", ">=", "OR OR"),
)
#: Invisible, confusable and non-word characters.
ODD = (
    "\u0301",
    "\u0307",
    "\u200f",
    "\u202e",
    "\u200d",
    "\ufeff",
    "\u2028",
    "🎼",
    "👩🏽‍🎤",
    "ﷺ",
    "İ",
    "ı",
    "ß",
)

_scoped = st.builds(
    lambda name, case, space, value: f"{case(name)}:{space}{value}",
    st.sampled_from((*QUERY_FIELD_NAMES, "x", "http", "q", "profession-x")),
    st.sampled_from((str, str.upper, str.title)),
    st.sampled_from(("", "", "", " ")),
    st.sampled_from((*VALUES, *WORDS)),
)
_fragments = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(SIGNS), _scoped, st.sampled_from(ODD), st.text(max_size=6)
)


def salads() -> SearchStrategy[str]:
    """Return a strategy of operators, words, fields and odd characters up to the maximum length."""
    return st.lists(st.tuples(_fragments, st.sampled_from((" ", " ", " ", "", "\t"))), max_size=40).map(
        lambda parts: "".join(part + space for part, space in parts)[:MAX_QUERY_CHARS]
    )


def texts() -> SearchStrategy[str]:
    """Return a strategy of any text up to the maximum length."""
    return st.one_of(salads(), st.text(max_size=MAX_QUERY_CHARS))


_term = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(("oper*", "hacı*", '"Molla Nəsrəddin"', "“Leyli və Məcnun”")),
    st.builds(
        "{}:{}".format,
        st.sampled_from(QUERY_FIELD_NAMES),
        st.sampled_from([value for value in VALUES if value not in ("…", "-x")]),
    ),
)


def sentences() -> SearchStrategy[str]:
    """Return a strategy of queries that follow the grammar; values may be meaningless."""
    return st.recursive(
        _term,
        lambda part: st.one_of(
            st.lists(part, min_size=2, max_size=3).map(" ".join),
            st.lists(part, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})"),
            part.map(lambda inner: f"-({inner})"),
        ),
        max_leaves=8,
    ).filter(lambda text: len(text) <= MAX_QUERY_CHARS)
