"""The page of a revision: the person page as of then, with a notice."""

from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.editorial.revisions import history
from biobank.web.core.urls import changes_url, person_url
from biobank.web.people.pages import PersonPage, PersonView, build_person_page
from biobank.web.revisions.pages import RevisionLink, published_at, revision_link


@dataclass(frozen=True)
class RevisionPage:
    """The person page of a revision; `current` is the revision that is public now."""

    person: PersonPage
    this: RevisionLink
    current: RevisionLink
    changes_url: str


def make_revision_page(services: Services, person_id: str, number: int, lang: str) -> RevisionPage:
    """Build the page of a published revision of a public person.

    Raises:
        NotFound: if there is no such person or revision.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        revision = history.get_revision(session, person_id, number)
        current = history.get_current_revision(session, person_id)
        # Relations from other records and similar people reflect the present.
        page_record = PersonView(revision.record, number, published_at(revision), past=True)
        person = build_person_page(session, page_record, catalogue, lang)
    current_link = revision_link(current, lang, person_url(person_id, lang))
    return RevisionPage(
        person, revision_link(revision, lang), current_link, changes_url(person_id, number, lang)
    )
