"""Routes for social networks, search engines and feed readers, public."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

TABLE: Table = {
    ("web.person_card", "GET"): (
        Case("/en/people/nizami-gencevi/card.png", same_for_all()),
        Case("/en/people/nobody/card.png", same_for_all(404)),
    ),
    ("web.bank_card", "GET"): (Case("/az/card.png", same_for_all()),),
    ("web.on_this_day", "GET"): (
        Case("/en/on-this-day?month=9&day=18", same_for_all()),
        Case("/en/on-this-day?month=2&day=30", same_for_all(400)),
    ),
    ("web.feed", "GET"): (
        Case("/en/feeds/new.atom", same_for_all()),
        Case("/ru/feeds/changed.atom", same_for_all()),
        Case("/az/feeds/on-this-day.atom", same_for_all()),
        Case("/az/feeds/on-this-day.atom?page=2", same_for_all(404)),
    ),
    ("web.sitemap", "GET"): (Case("/sitemap.xml", same_for_all()),),
    ("web.sitemap_people", "GET"): (
        Case("/sitemaps/people-1.xml", same_for_all()),
        Case("/sitemaps/people-2.xml", same_for_all(404)),
    ),
    ("web.sitemap_organisations", "GET"): (Case("/sitemaps/organisations.xml", same_for_all()),),
    ("web.sitemap_pages", "GET"): (Case("/sitemaps/pages.xml", same_for_all()),),
}
