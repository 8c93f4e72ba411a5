"""Routes for social networks, search engines and feed readers, public."""

from tests.accounts.matrix.answers import Case, Table, everybody

TABLE: Table = {
    ("web.person_card", "GET"): (
        Case("/en/people/nizami-gencevi/card.png", everybody()),
        Case("/en/people/nobody/card.png", everybody(404)),
    ),
    ("web.bank_card", "GET"): (Case("/az/card.png", everybody()),),
    ("web.on_this_day", "GET"): (
        Case("/en/on-this-day?month=9&day=18", everybody()),
        Case("/en/on-this-day?month=2&day=30", everybody(400)),
    ),
    ("web.feed", "GET"): (
        Case("/en/feeds/new.atom", everybody()),
        Case("/ru/feeds/changed.atom", everybody()),
        Case("/az/feeds/on-this-day.atom", everybody()),
        Case("/az/feeds/on-this-day.atom?page=2", everybody(404)),
    ),
    ("web.sitemap", "GET"): (Case("/sitemap.xml", everybody()),),
    ("web.sitemap_people", "GET"): (
        Case("/sitemaps/people-1.xml", everybody()),
        Case("/sitemaps/people-2.xml", everybody(404)),
    ),
    ("web.sitemap_organisations", "GET"): (Case("/sitemaps/organisations.xml", everybody()),),
    ("web.sitemap_pages", "GET"): (Case("/sitemaps/pages.xml", everybody()),),
}
