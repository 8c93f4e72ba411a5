"""Country codes."""

from biobank.records.countries import COUNTRY_CODES, country_name


def test_countries_are_the_codes_of_iso_3166() -> None:
    assert {"AZ", "TR", "IR", "GE", "RU", "US"} <= set(COUNTRY_CODES)
    assert not {"EU", "UN", "ZZ", "SU", "az"} & set(COUNTRY_CODES)
    # ISO 3166-1 has 249 codes, and Kosovo's XK is in common use.
    assert len(COUNTRY_CODES) == 250
    assert country_name("AZ", "ru") == "Азербайджан"
    assert country_name("ZZ", "ru") == "ZZ"
