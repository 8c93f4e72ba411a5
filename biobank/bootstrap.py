"""Composition root: builds the services from the settings."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from biobank import settings as settings_module
from biobank.accounts.encryption import SecretBox
from biobank.common import error_reports, logs
from biobank.common.mail import Mailer, make_mailer
from biobank.editorial.duplicates.candidates import DuplicateFinder
from biobank.editorial.duplicates.scan import DuplicateScanCache
from biobank.editorial.reference.autocomplete import Autocomplete
from biobank.editorial.review.desk_queries import LatestNameIndex
from biobank.exchange.imports.uploads import UploadStore
from biobank.exchange.reconciliation.service import ReconciliationService
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.media.storage import MediaFolder
from biobank.records.people.count_cache import CountCache
from biobank.search.answers.service import AnswerService
from biobank.search.engine import SearchEngine
from biobank.search.executor import NameMatcherCache
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.indexer import Indexer
from biobank.search.meaning.encoder import Encoder, find_encoder
from biobank.search.meaning.retrieval import MeaningSearch
from biobank.search.service import SearchService
from biobank.search.suggestion_groups import GroupedSuggestions
from biobank.search.whoosh_engine import WhooshEngine
from biobank.settings import Settings
from biobank.store import schema
from biobank.store.session import Database

#: Seconds for which a process caches terms, places and organisations.
CATALOGUE_CACHE_SECONDS = 10.0


@dataclass
class Services:
    """The services that web, API and command line call. Each part can be replaced."""

    settings: Settings
    database: Database
    engine: SearchEngine
    #: None where no e-mail is sent; links are then shown to the user who creates them.
    mailer: Mailer | None = None
    #: None where people are not searched by meaning.
    encoder: Encoder | None = None
    indexer: Indexer = field(init=False)
    names: NameMatcherCache = field(init=False)
    search: SearchService = field(init=False)
    answers: AnswerService = field(init=False)
    facet_values: FacetValueIndex = field(init=False)
    suggestions: GroupedSuggestions = field(init=False)
    media: MediaFolder = field(init=False)
    uploads: UploadStore = field(init=False)
    duplicates: DuplicateFinder = field(init=False)
    duplicate_scans: DuplicateScanCache = field(init=False)
    autocomplete: Autocomplete = field(init=False)
    reconciliation: ReconciliationService = field(init=False)
    count_cache: CountCache = field(init=False)
    name_index: LatestNameIndex = field(init=False)
    _catalogue: Catalogue | None = field(default=None, init=False)
    _catalogue_loaded_at: float = field(default=0.0, init=False)
    _catalogue_lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        self.count_cache = CountCache()
        self.name_index = LatestNameIndex()
        self.indexer = Indexer(self.database, self.engine, self.encoder)
        self.names = NameMatcherCache(self.engine)
        meaning = MeaningSearch(self.engine, self.encoder) if self.encoder else None
        self.search = SearchService(self.database, self.engine, self.names, self.catalogue, meaning)
        self.answers = AnswerService(
            self.database, self.names, lambda query: self.search.page(query)[1], self.catalogue
        )
        self.facet_values = FacetValueIndex(self.database, self.search, self.names)
        self.suggestions = GroupedSuggestions(self.database, self.engine, self.search, self.facet_values)
        self.media = MediaFolder(self.settings.media_dir)
        self.uploads = UploadStore(self.settings.imports_dir)
        self.duplicates = DuplicateFinder(self.database, self.names)
        self.duplicate_scans = DuplicateScanCache(self.database)
        self.autocomplete = Autocomplete(self.database, self.catalogue, self.duplicates)
        self.reconciliation = ReconciliationService(
            self.database, self.names, self.search, self.facet_values, self.catalogue
        )

    def catalogue(self) -> Catalogue:
        """Return terms, places and organisations, at most CATALOGUE_CACHE_SECONDS old."""
        with self._catalogue_lock:
            stale = time.monotonic() - self._catalogue_loaded_at > CATALOGUE_CACHE_SECONDS
            if self._catalogue is None or stale:
                with self.database.read() as session:
                    loaded = load_catalogue(session)
                # Keep the same object while nothing changed, because caches are keyed by its
                # identity.
                if loaded != self._catalogue:
                    self._catalogue = loaded
                self._catalogue_loaded_at = time.monotonic()
            return self._catalogue

    @cached_property
    def secret_box(self) -> SecretBox:
        """Return the box that encrypts secrets with a key derived from the cookie-signing key."""
        return SecretBox(settings_module.secret_key(self.settings))

    def people_count(self) -> int:
        """Return the number of published people."""
        with self.database.read() as session:
            return self.count_cache.people(session)

    def close(self) -> None:
        self.database.dispose()


def make_services(settings: Settings, *, read_only: bool = False) -> Services:
    """Build the services; with `read_only` the database refuses every write."""
    database = Database(settings.database_url, read_only=read_only)
    encoder = find_encoder(enabled=settings.semantic)
    return Services(settings, database, make_engine(settings), _mailer(settings), encoder)


def _mailer(settings: Settings) -> Mailer | None:
    """Return the mailer, or None without a public base URL.

    Links built from the Host header of a request could lead to a foreign host.
    """
    mailer = make_mailer(settings.smtp_url) if settings.smtp_url else None
    return mailer if settings.base_url else None


def make_engine(settings: Settings) -> SearchEngine:
    return WhooshEngine(settings.index_dir)


@contextmanager
def open_services(*, read_only: bool = False) -> Iterator[Services]:
    """Yield services configured by the environment and close them at the end.

    With `read_only` the database refuses every write.
    """
    loaded = settings_module.load()
    logs.configure(loaded)
    error_reports.configure(loaded)
    services = make_services(loaded, read_only=read_only)
    try:
        yield services
    finally:
        services.close()


@contextmanager
def open_current_services(*, read_only: bool = False) -> Iterator[Services]:
    """Yield services as `open_services` does, if the database schema is current.

    Raises:
        StoreUnavailable: if it is older or newer than this version.
    """
    with open_services(read_only=read_only) as services:
        schema.require_current_schema(services.database)
        yield services
