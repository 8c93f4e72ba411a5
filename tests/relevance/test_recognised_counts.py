"""Totals and facets of recognised conditions equal a record-by-record count."""

from functools import cache

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from biobank.bootstrap import Services
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_ADJECTIVES
from biobank.records.vocabulary.gendered_labels import all_labels
from biobank.search.query import SearchQuery
from tests.relevance.oracle_counts import CountOracle
from tests.relevance.test_oracle_counts import check
from tests.support.profiles import scaled

#: Questions with places for labels; in Azerbaijani and Russian labels stand in the nominative, which is
#: enough to be recognised.
TEMPLATES = {
    "az": (
        "{profession}",
        "qadın {profession}",
        "{place} {profession}",
        "{country} {profession}",
        "{place} doğulmuş {profession}",
        "{year}-ci ildə doğulmuş {profession}",
        "{year}-ci ilə qədər {place} ölən {profession}",
        "XIX əsr {profession}",
        "{award} laureatı",
        "{organisation} üzvləri",
        "güllələnmiş {profession}",
    ),
    "en": (
        "{profession}",
        "women {profession}",
        "{profession} from {place}",
        "{country} {profession}",
        "{profession} born in {place}",
        "{profession} born before {year}",
        "who died in {place} after {year}",
        "{profession} of the 19th century",
        "winners of {award}",
        "members of {organisation}",
        "repressed {profession}",
        "{profession} or {profession}",
    ),
    "ru": (
        "{profession}",
        "женщины {profession}",
        "{profession} из {place}",
        "{country} {profession}",
        "{profession} родился в {place}",
        "{profession} родившиеся после {year} года",
        "умер в {place} до {year} года",
        "{profession} XIX века",
        "лауреат {award}",
        "член {organisation}",
        "{profession} эмигранты",
    ),
}


@settings(max_examples=scaled(50), phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_recognised_conditions_count_the_records(
    services: Services, oracle: CountOracle, data: st.DataObject
) -> None:
    for query in data.draw(st.lists(_queries(oracle), min_size=10, max_size=10)):
        normalized = services.search.normalize(query)
        response = services.search.search(query)
        if not normalized.text and oracle.matching_ids(normalized):
            assert not response.dropped, query
            assert response.query == normalized, query
        if response.query == normalized:
            check(services, oracle, query)
        else:
            assert not oracle.matching_ids(normalized) or normalized.text, query
            assert response.dropped, query


@cache
def _queries(counted: CountOracle) -> st.SearchStrategy[SearchQuery]:
    return st.sampled_from(sorted(TEMPLATES)).flatmap(
        lambda lang: st.builds(SearchQuery, text=_texts(counted.bank.catalogue, lang), lang=st.just(lang))
    )


def _texts(catalogue: Catalogue, lang: str) -> st.SearchStrategy[str]:
    labels = {
        vocabulary: [
            label
            for term in catalogue.terms.values()
            if term["vocabulary"] == vocabulary
            for label in all_labels(term, [lang])
        ]
        for vocabulary in ("profession", "award")
    }
    for role, entries in (("place", catalogue.places), ("organisation", catalogue.organisations)):
        labels[role] = [
            name["text"] for entry in entries.values() for name in entry["names"] if name["lang"] == lang
        ]
    labels["country"] = [
        word for adjectives in COUNTRY_ADJECTIVES.values() for word in adjectives.get(lang, "").split()
    ]
    labels["year"] = ["1850", "1885", "1900", "1937", "1990"]
    return st.sampled_from(TEMPLATES[lang]).flatmap(
        lambda template: st.fixed_dictionaries(
            {name: st.sampled_from(values) for name, values in labels.items()}
        ).map(lambda chosen: template.format(**chosen))
    )
