"""From settings to services: the one place where the parts of the house are put together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from biobank import settings as settings_module
from biobank.accounts.seal import Seal
from biobank.editorial.choices import Choices
from biobank.editorial.duplicates import Duplicates
from biobank.editorial.head_names import HeadNames
from biobank.editorial.suspects import KnownSuspects
from biobank.exchange.importing.uploads import Uploads
from biobank.exchange.reconciling.service import Reconciling
from biobank.mail import Mailer, make_mailer
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.media.storage import MediaFolder
from biobank.records.people.tallies import Tallies
from biobank.search.indexer import Indexer
from biobank.search.known_names import KnownNames
from biobank.search.known_values import KnownValues
from biobank.search.port import SearchEngine
from biobank.search.service import SearchService
from biobank.search.whoosh_engine import WhooshEngine
from biobank.settings import Settings
from biobank.store.session import Database

#: Seconds after which a process looks again at terms, places and organisations.
CATALOGUE_KEPT = 10.0


@dataclass
class Services:
    """What the edges call. Every part can be replaced by another that keeps its promises."""

    settings: Settings
    database: Database
    engine: SearchEngine
    #: None where letters are not sent: links are then given by whoever makes them.
    mailer: Mailer | None = None
    indexer: Indexer = field(init=False)
    names: KnownNames = field(init=False)
    search: SearchService = field(init=False)
    values: KnownValues = field(init=False)
    media: MediaFolder = field(init=False)
    uploads: Uploads = field(init=False)
    duplicates: Duplicates = field(init=False)
    suspects: KnownSuspects = field(init=False)
    choices: Choices = field(init=False)
    reconciling: Reconciling = field(init=False)
    tallies: Tallies = field(init=False)
    head_names: HeadNames = field(init=False)
    _catalogue: Catalogue | None = field(default=None, init=False)
    _catalogue_at: float = field(default=0.0, init=False)
    _loading: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self.tallies = Tallies()
        self.head_names = HeadNames()
        self.indexer = Indexer(self.database, self.engine)
        self.names = KnownNames(self.engine)
        self.search = SearchService(self.database, self.engine, self.names, self.catalogue)
        self.values = KnownValues(self.database, self.search, self.names)
        self.media = MediaFolder(self.settings.media_dir)
        self.uploads = Uploads(self.settings.imports_dir)
        self.duplicates = Duplicates(self.database, self.names)
        self.suspects = KnownSuspects(self.database)
        self.choices = Choices(self.database, self.catalogue, self.duplicates)
        self.reconciling = Reconciling(
            self.database, self.names, self.search, self.values, self.catalogue
        )

    def catalogue(self) -> Catalogue:
        """Terms, places and organisations, at most CATALOGUE_KEPT seconds old."""
        with self._loading:
            stale = time.monotonic() - self._catalogue_at > CATALOGUE_KEPT
            if self._catalogue is None or stale:
                with self.database.read() as session:
                    found = load_catalogue(session)
                # The same object while nothing changed: what is made from it is kept with it.
                if found != self._catalogue:
                    self._catalogue = found
                self._catalogue_at = time.monotonic()
            return self._catalogue

    @cached_property
    def seal(self) -> Seal:
        """What seals secrets, with a key made of the one that signs cookies."""
        return Seal(settings_module.secret_key(self.settings))

    def people_count(self) -> int:
        """How many people are public."""
        with self.database.read() as session:
            return self.tallies.people(session)

    def close(self) -> None:
        self.database.dispose()


def make_services(settings: Settings) -> Services:
    database = Database(settings.database_url)
    return Services(settings, database, make_engine(settings), _mailer(settings))


def _mailer(settings: Settings) -> Mailer | None:
    """Without the public address no letter: a link made of a request's host could be a stranger's.

    Whoever asks for somebody's new password could otherwise name a host of their own.
    """
    mailer = make_mailer(settings.smtp_url) if settings.smtp_url else None
    return mailer if settings.base_url else None


def make_engine(settings: Settings) -> SearchEngine:
    return WhooshEngine(settings.index_dir)


@contextmanager
def open_services() -> Iterator[Services]:
    """Services as the environment sets them, closed at the end; for commands."""
    services = make_services(settings_module.load())
    try:
        yield services
    finally:
        services.close()
