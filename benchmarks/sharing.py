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

from benchmarks.corpus import same_chance
from biobank import extensions
from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial.arrivals import last_changed, newest
from biobank.editorial.models import Revision
from biobank.exchange import seeding
from biobank.records.people import models as m
from biobank.records.people.anniversaries import on_day
from biobank.records.people.listed import last_changes
from biobank.records.people.mapping import rows_of
from biobank.settings import Settings
from biobank.store import schema
from biobank.web.sharing.person_card import CardText, draw_person
from biobank.web.sharing.sitemaps import PEOPLE_MOST

CHUNK = 5_000
RUNS = 7
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
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
        _draw()
        _burst(services)
        _fill(services, people)
        _ask(services, people)
        services.close()


def _draw() -> None:
    text = CardText("nizami-gencevi", "Nizami Gəncəvi", "təx. 1141–1209", "Şair " * 20, "Bank")
    written = BytesIO()
    Image.effect_noise((960, 1280), 80).convert("RGB").save(written, "WEBP")
    for name, portrait in (("medallion", None), ("portrait", written.getvalue())):
        took = _median(lambda p=portrait: draw_person(text, p))  # type: ignore[misc]
        size = len(draw_person(text, portrait))
        print(f"card with a {name:10} {took:8.1f} ms {size:9,} B")


def _burst(services: Services) -> None:
    """Request forty different cards with a page in between, by four threads as in a worker."""
    app = create_app(services)
    extensions.limiter.enabled = False
    with services.database.read() as session:
        ids = list(session.scalars(select(m.Person.id).limit(40)))

    def ask(path: str) -> tuple[int, float]:
        start = time.perf_counter()
        status = app.test_client().get(path).status_code
        return status, 1000 * (time.perf_counter() - start)

    ask("/az/about")
    alone = statistics.median(ask("/az/about")[1] for _ in range(RUNS))
    paths = [f"/az/people/{id_}/card.png" for id_ in ids]
    for place in range(3, len(paths) + 10, 4):
        paths.insert(place, "/az/about")
    with ThreadPoolExecutor(4) as threads:
        found = list(zip(paths, threads.map(ask, paths), strict=True))
    pages = [took for path, (_status, took) in found if path == "/az/about"]
    cards = [status for path, (status, _took) in found if path != "/az/about"]
    print(
        f"a page alone {alone:.0f} ms, in a burst of {len(cards)} cards "
        f"{statistics.median(pages):.0f} ms (longest {max(pages):.0f}); "
        f"cards drawn {cards.count(200)}, told to come back {cards.count(503)}"
    )
    again = [ask(path)[1] for path, (status, _took) in found if status == 200 and "card" in path]
    print(f"a card that is kept {statistics.median(again):8.1f} ms")


def _fill(services: Services, people: int) -> None:
    chance = same_chance()
    for first in range(0, people, CHUNK):
        numbers = range(first, min(first + CHUNK, people))
        with services.database.write() as session:
            session.execute(insert(m.Person), [_person(number) for number in numbers])
            rows = [row for number in numbers for row in _rows(number, chance)]
            session.add_all(rows)
            session.execute(
                insert(Revision), [one for number in numbers for one in _revisions(number)]
            )


def _person(number: int) -> dict[str, Any]:
    changed = START + timedelta(minutes=number + (50_000 if number % 3 == 0 else 0))
    id_ = f"made-{number:06}"
    return {"id": id_, "published": 1, "updated_at": changed, "sort_key": id_, "initial": "M"}


def _rows(number: int, chance: Any) -> Iterator[m.OfPerson]:
    born = START - timedelta(days=chance.randrange(36_525, 90_000))
    died = born + timedelta(days=chance.randrange(7_000, 35_000))
    record = {
        "names": [{"text": f"Made {number}", "lang": "az", "kind": "preferred"}],
        "birth": {"date": f"{born:%Y-%m-%d}"},
        "death": {"date": f"{died:%Y-%m-%d}"},
    }
    yield from rows_of(f"made-{number:06}", record)


def _revisions(number: int) -> Iterator[dict[str, Any]]:
    its = {"person_id": f"made-{number:06}", "state": "published", "record": {}, "author": "-"}
    moments = [START + timedelta(minutes=number)]
    if number % 3 == 0:
        moments.append(START + timedelta(minutes=number + 50_000))
    for place, at in enumerate(moments, 1):
        yield {**its, "number": place, "at": at, "published_at": at, "agrees": []}


def _ask(services: Services, people: int) -> None:
    with services.database.read() as session:
        walked = _median(lambda: _by_walking(session, 9, 18))
        found = len(on_day(session, 9, 18))
        indexed = _median(lambda: on_day(session, 9, 18))
        print(
            f"{found} of {people:,} on a day {indexed:8.1f} ms, without its index {walked:.1f} ms"
        )
        print(f"feed of the new, a page  {_median(lambda: newest(session, 0, 50)):8.1f} ms")
        print(f"  its hundredth page     {_median(lambda: newest(session, 4_950, 50)):8.1f} ms")
        print(f"feed of changes, a page  {_median(lambda: last_changed(session, 0, 50)):8.1f} ms")
        index = _median(lambda: last_changes(session, PEOPLE_MOST))
        print(f"index of sitemaps        {index:8.1f} ms")
    app = create_app(services)
    for path in ("/sitemaps/people-1.xml", "/sitemaps/people-20.xml", "/az/", "/az/on-this-day"):
        client = app.test_client()
        took = _median(lambda p=path, c=client: c.get(p).data)  # type: ignore[misc]
        print(f"{path:24} {took:8.1f} ms {len(client.get(path).data):12,} B")


def _by_walking(session: Session, month: int, day: int) -> list[str]:
    """Find the people of a day by a scan, without the index of days."""
    found: list[str] = []
    for role in ("birth", "death"):
        query = select(m.Event.person_id).join(m.Person, m.Person.id == m.Event.person_id)
        found += session.scalars(
            query.where(
                m.Person.published.is_not(None),
                m.Event.role == role,
                m.Event.date.like(f"%____-{month:02}-{day:02}"),
                m.Event.earliest == m.Event.latest,
            )
        )
    return found


def _median(run: Callable[[], object]) -> float:
    """Return the median CPU milliseconds, which do not depend on other load."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return 1000 * statistics.median(times)


if __name__ == "__main__":
    main()
