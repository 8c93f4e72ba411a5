"""Country codes."""

from biobank.records.countries import COUNTRIES, country_name


def test_countries_are_the_codes_of_iso_3166() -> None:
    assert {"AZ", "TR", "IR", "GE", "RU", "US"} <= set(COUNTRIES)
    assert not {"EU", "UN", "ZZ", "SU", "az"} & set(COUNTRIES)
    # ISO 3166-1 has 249 codes, and Kosovo's XK is in common use.
    assert len(COUNTRIES) == 250
    assert country_name("AZ", "ru") == "Азербайджан"
    assert country_name("ZZ", "ru") == "ZZ"
