"""Limits of the requests that a process works on at the same time.

Few requests compute at once, first come, first served. A request that writes gives its permit to
others while its transaction is open, because it may wait there for the lock of another writer. It
has a slot of a writer instead, of which there are few: beyond them requests are refused.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore, Lock

from biobank.errors import Busy

#: Requests of a process that write or wait to write. Each occupies a thread and a connection to the
#: database, of which SQLAlchemy's pool opens 15.
MAX_WRITERS = 8
#: Those among them that anybody can cause without an account: sign-ins, resets and public messages.
MAX_ATTEMPTS = 4
WRITERS_MESSAGE = "The database is busy with other changes; nothing was changed. Try again in a few seconds."
ATTEMPTS_MESSAGE = "Too many sign-ins or messages are waiting at the moment. Try again in a few seconds."


class FifoSemaphore:
    """A semaphore that serves threads in order of arrival.

    The standard semaphore is not fair: under load some threads would starve.
    """

    def __init__(self, permits: int) -> None:
        self._permits = permits
        self.waiting: deque[Lock] = deque()
        self._lock = Lock()

    def acquire(self) -> None:
        with self._lock:
            if self._permits:
                self._permits -= 1
                return
            ticket = Lock()
            ticket.acquire()
            self.waiting.append(ticket)
        ticket.acquire()

    def release(self) -> None:
        with self._lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self._permits += 1


class WorkLimits:
    """The limits of one process."""

    def __init__(
        self, max_concurrency: int, max_writers: int = MAX_WRITERS, max_attempts: int = MAX_ATTEMPTS
    ) -> None:
        self.permits = FifoSemaphore(max_concurrency)
        self.writers = BoundedSemaphore(max_writers)
        self.attempts = BoundedSemaphore(max_attempts)

    @contextmanager
    def request(self) -> Iterator[None]:
        """Work on a request with a permit; its further slots are released at the end."""
        request = _Request(self)
        token = _current.set(request)
        self.permits.acquire()
        try:
            yield
        finally:
            self.permits.release()
            request.slots.close()
            _current.reset(token)


class _Request:
    """A request in progress and the slots it has acquired, each at most once."""

    def __init__(self, limits: WorkLimits) -> None:
        self.limits = limits
        self.slots = ExitStack()
        self._acquired: set[BoundedSemaphore] = set()
        #: Whether a transaction is open, so that the permit is with others.
        self.is_writing = False

    def acquire_slot(self, semaphore: BoundedSemaphore, message: str) -> None:
        """Acquire a slot until the end of the request.

        Raises:
            Busy: If none is free.
        """
        if semaphore not in self._acquired:
            if not semaphore.acquire(blocking=False):
                raise Busy(message)
            self._acquired.add(semaphore)
            self.slots.callback(semaphore.release)


_current: ContextVar[_Request | None] = ContextVar("biobank_request", default=None)


def limit_attempts() -> None:
    """Count this request among those that anybody can cause to write.

    Raises:
        Busy: If MAX_ATTEMPTS of them are in progress.
    """
    if (request := _current.get()) is not None:
        request.acquire_slot(request.limits.attempts, ATTEMPTS_MESSAGE)


@contextmanager
def writing() -> Iterator[None]:
    """Give the permit of this request to others during a transaction that writes.

    Outside of requests, e.g. in commands, nothing is limited.

    Raises:
        Busy: If MAX_WRITERS requests are writing.
    """
    request = _current.get()
    if request is None or request.is_writing:
        yield
        return
    request.acquire_slot(request.limits.writers, WRITERS_MESSAGE)
    request.is_writing = True
    request.limits.permits.release()
    try:
        yield
    finally:
        request.limits.permits.acquire()
        request.is_writing = False
