"""Composition root: builds the services from the settings."""

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

#: Seconds for which a process caches terms, places and organisations.
CATALOGUE_KEPT = 10.0


@dataclass
class Services:
    """The services that web, API and command line call. Each part can be replaced."""

    settings: Settings
    database: Database
    engine: SearchEngine
    #: None where no e-mail is sent; links are then shown to the user who creates them.
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
        """Return terms, places and organisations, at most CATALOGUE_CACHE_SECONDS old."""
        with self._loading:
            stale = time.monotonic() - self._catalogue_at > CATALOGUE_KEPT
            if self._catalogue is None or stale:
                with self.database.read() as session:
                    found = load_catalogue(session)
                # Keep the same object while nothing changed, because caches are keyed by its
                # identity.
                if found != self._catalogue:
                    self._catalogue = found
                self._catalogue_at = time.monotonic()
            return self._catalogue

    @cached_property
    def seal(self) -> Seal:
        """Return the box that encrypts secrets with a key derived from the cookie-signing key."""
        return Seal(settings_module.secret_key(self.settings))

    def people_count(self) -> int:
        """Return the number of published people."""
        with self.database.read() as session:
            return self.tallies.people(session)

    def close(self) -> None:
        self.database.dispose()


def make_services(settings: Settings) -> Services:
    database = Database(settings.database_url)
    return Services(settings, database, make_engine(settings), _mailer(settings))


def _mailer(settings: Settings) -> Mailer | None:
    """Return the mailer, or None without a public base URL.

    Links built from the Host header of a request could lead to a foreign host.
    """
    mailer = make_mailer(settings.smtp_url) if settings.smtp_url else None
    return mailer if settings.base_url else None


def make_engine(settings: Settings) -> SearchEngine:
    return WhooshEngine(settings.index_dir)


@contextmanager
def open_services() -> Iterator[Services]:
    """Yield services configured by the environment and close them at the end."""
    services = make_services(settings_module.load())
    try:
        yield services
    finally:
        services.close()
