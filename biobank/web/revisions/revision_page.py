"""The page of one revision: the person as the bank told of it then, and that it is not now."""

from dataclasses import dataclass
from datetime import datetime

from biobank.bootstrap import Services
from biobank.editorial import history
from biobank.editorial.models import Revision
from biobank.web.links import changes_url, person_url, revision_url
from biobank.web.person_page import PersonPage, Told, page_of
from biobank.web.words import day_words


@dataclass(frozen=True)
class RevisionLink:
    """One revision, when it was published, and the way to it."""

    number: int
    day: str
    day_on: str
    url: str


@dataclass(frozen=True)
class RevisionPage:
    """`person` is the page as it was; `current` the revision that is public now."""

    person: PersonPage
    this: RevisionLink
    current: RevisionLink
    changes_url: str


def make_revision_page(services: Services, person_id: str, number: int, lang: str) -> RevisionPage:
    """The page of a published revision of a public person.

    Raises:
        NotFound: where there is none.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        revision = history.at(session, person_id, number)
        current = history.current(session, person_id)
        # Ties that others hold, and who is alike, are of now and not of then.
        told = Told(revision.record, number, published_at(revision), past=True)
        person = page_of(session, told, catalogue, lang)
    now = revision_link(current, lang, person_url(person_id, lang))
    return RevisionPage(
        person, revision_link(revision, lang), now, changes_url(person_id, number, lang)
    )


def revision_link(revision: Revision, lang: str, url: str = "") -> RevisionLink:
    """The way to a revision, at `url` where that is another than its own page."""
    return RevisionLink(
        number=revision.number,
        day=day_words(published_at(revision), lang),
        day_on=f"{published_at(revision):%Y-%m-%d}",
        url=url or revision_url(revision.person_id, revision.number, lang),
    )


def published_at(revision: Revision) -> datetime:
    """When a revision became public: its draft may have been written long before."""
    return revision.published_at or revision.at
