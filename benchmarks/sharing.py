"""Measure sharing: card images, bursts of them, days of the year, feeds and sitemaps.

`python -m benchmarks.sharing --people 100000`. Generated people have a name and two dates each,
spread over the days of the year; every third has a later change. Results are medians of several
runs.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.corpus import seeded_random
from biobank.app.factory import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial.models import Revision
from biobank.editorial.revisions.history import recently_changed, recently_published
from biobank.exchange import seeding
from biobank.http import extensions
from biobank.records.people import models as m
from biobank.records.people.anniversaries import anniversaries_on
from biobank.records.people.mapping import build_rows
from biobank.records.people.sitemap_queries import last_changes
from biobank.settings import Settings
from biobank.store import schema
from biobank.web.browse.sitemaps import MAX_PEOPLE_PER_SITEMAP
from biobank.web.core.social_meta import CardText
from biobank.web.sharing.drawing import render_person_card

CHUNK = 5_000
REPEAT_COUNT = 7
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as temp_folder:
        folder = Path(temp_folder)
        services = make_services(
            Settings(
                database_url=f"sqlite:///{folder}/biobank.db",
                index_dir=folder / "index",
                media_dir=folder / "media",
                secret_key="a key for measuring",  # noqa: S106
            )
        )
        schema.upgrade(services.database)
        seeding.seed(services.database, services.settings.seed_dir)
        _measure_cards()
        _measure_burst(services)
        _fill(services, people)
        _measure_queries(services, people)
        services.close()


def _measure_cards() -> None:
    text = CardText("nizami-gencevi", "Nizami Gəncəvi", "təx. 1141–1209", "Şair " * 20, "Bank")
    portrait_file = BytesIO()
    Image.effect_noise((960, 1280), 80).convert("RGB").save(portrait_file, "WEBP")
    for name, portrait in (("medallion", None), ("portrait", portrait_file.getvalue())):
        milliseconds = _median(lambda p=portrait: render_person_card(text, p))  # type: ignore[misc]
        size = len(render_person_card(text, portrait))
        print(f"card with a {name:10} {milliseconds:8.1f} ms {size:9,} B")


def _measure_burst(services: Services) -> None:
    """Request forty different cards with a page in between, by four threads as in a worker."""
    app = create_app(services)
    extensions.limiter.enabled = False
    with services.database.read() as session:
        ids = list(session.scalars(select(m.Person.id).limit(40)))

    def fetch(path: str) -> tuple[int, float]:
        start = time.perf_counter()
        status = app.test_client().get(path).status_code
        return status, 1000 * (time.perf_counter() - start)

    fetch("/az/about")
    idle_ms = statistics.median(fetch("/az/about")[1] for _ in range(REPEAT_COUNT))
    paths = [f"/az/people/{id_}/card.png" for id_ in ids]
    for position in range(3, len(paths) + 10, 4):
        paths.insert(position, "/az/about")
    with ThreadPoolExecutor(4) as threads:
        responses = list(zip(paths, threads.map(fetch, paths), strict=True))
    pages = [milliseconds for path, (_status, milliseconds) in responses if path == "/az/about"]
    cards = [status for path, (status, _milliseconds) in responses if path != "/az/about"]
    print(
        f"a page alone {idle_ms:.0f} ms, in a burst of {len(cards)} cards "
        f"{statistics.median(pages):.0f} ms (longest {max(pages):.0f}); "
        f"cards drawn {cards.count(200)}, told to come back {cards.count(503)}"
    )
    repeat_ms = [
        fetch(path)[1] for path, (status, _milliseconds) in responses if status == 200 and "card" in path
    ]
    print(f"a card that is kept {statistics.median(repeat_ms):8.1f} ms")


def _fill(services: Services, people: int) -> None:
    rng = seeded_random()
    for start in range(0, people, CHUNK):
        numbers = range(start, min(start + CHUNK, people))
        with services.database.write() as session:
            session.execute(insert(m.Person), [_person(number) for number in numbers])
            rows = [row for number in numbers for row in _rows(number, rng)]
            session.add_all(rows)
            session.execute(
                insert(Revision), [revision for number in numbers for revision in _revisions(number)]
            )


def _person(number: int) -> dict[str, Any]:
    changed = START + timedelta(minutes=number + (50_000 if number % 3 == 0 else 0))
    id_ = f"made-{number:06}"
    return {"id": id_, "published": 1, "updated_at": changed, "sort_key": id_, "initial": "M"}


def _rows(number: int, rng: Any) -> Iterator[m.PersonRow]:
    born = START - timedelta(days=rng.randrange(36_525, 90_000))
    died = born + timedelta(days=rng.randrange(7_000, 35_000))
    record = {
        "names": [{"text": f"Made {number}", "lang": "az", "kind": "preferred"}],
        "birth": {"date": f"{born:%Y-%m-%d}"},
        "death": {"date": f"{died:%Y-%m-%d}"},
    }
    yield from build_rows(f"made-{number:06}", record)


def _revisions(number: int) -> Iterator[dict[str, Any]]:
    values = {"person_id": f"made-{number:06}", "state": "published", "record": {}, "author": "-"}
    timestamps = [START + timedelta(minutes=number)]
    if number % 3 == 0:
        timestamps.append(START + timedelta(minutes=number + 50_000))
    for revision_number, at in enumerate(timestamps, 1):
        yield {**values, "number": revision_number, "at": at, "published_at": at, "agrees": []}


def _measure_queries(services: Services, people: int) -> None:
    with services.database.read() as session:
        scan_ms = _median(lambda: _scan_for_day(session, 9, 18))
        matches = len(anniversaries_on(session, 9, 18))
        index_ms = _median(lambda: anniversaries_on(session, 9, 18))
        print(f"{matches} of {people:,} on a day {index_ms:8.1f} ms, without its index {scan_ms:.1f} ms")
        print(f"feed of the new, a page  {_median(lambda: recently_published(session, 0, 50)):8.1f} ms")
        print(f"  its hundredth page     {_median(lambda: recently_published(session, 4_950, 50)):8.1f} ms")
        print(f"feed of changes, a page  {_median(lambda: recently_changed(session, 0, 50)):8.1f} ms")
        sitemap_ms = _median(lambda: last_changes(session, MAX_PEOPLE_PER_SITEMAP))
        print(f"index of sitemaps        {sitemap_ms:8.1f} ms")
    app = create_app(services)
    for path in ("/sitemaps/people-1.xml", "/sitemaps/people-20.xml", "/az/", "/az/on-this-day"):
        client = app.test_client()
        milliseconds = _median(lambda p=path, c=client: c.get(p).data)  # type: ignore[misc]
        print(f"{path:24} {milliseconds:8.1f} ms {len(client.get(path).data):12,} B")


def _scan_for_day(session: Session, month: int, day: int) -> list[str]:
    """Find the people of a day by a scan, without the index of days."""
    person_ids: list[str] = []
    for role in ("birth", "death"):
        query = select(m.Event.person_id).join(m.Person, m.Person.id == m.Event.person_id)
        person_ids += session.scalars(
            query.where(
                m.Person.published.is_not(None),
                m.Event.role == role,
                m.Event.date.like(f"%____-{month:02}-{day:02}"),
                m.Event.earliest == m.Event.latest,
            )
        )
    return person_ids


def _median(run: Callable[[], object]) -> float:
    """Return the median CPU milliseconds, which do not depend on other load."""
    times = []
    for _ in range(REPEAT_COUNT):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


if __name__ == "__main__":
    main()
