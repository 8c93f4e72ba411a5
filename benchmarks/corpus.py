"""Generated documents for measurements, any number, recombined from the seed.

Each part of a document (given name, family name, sentences, labels, facts) is taken from another
person of the seed, so that lengths, languages and co-occurrence of words are those of real
biographies. Only the number of different words is lower than in a real bank of that size, which
makes postings longer: measurements are rather too high than too low.
"""

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from biobank.common.i18n import LANGUAGES, Lang
from biobank.exchange import seeding
from biobank.names.alphabet import sort_key
from biobank.records.catalogue import load_catalogue
from biobank.records.people import queries
from biobank.search.document import Document, make_document
from biobank.store import schema
from biobank.store.session import Database

SEED = Path(__file__).parents[1] / "seed_data"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def seeded_random() -> random.Random:
    """Return a random generator with a fixed seed."""
    return random.Random(1885)  # noqa: S311 - no secret hangs on it


def seed_documents(folder: Path = SEED) -> list[Document]:
    """Return the documents of the seed, using a temporary database."""
    with tempfile.TemporaryDirectory() as temp_folder:
        database = Database(f"sqlite:///{temp_folder}/biobank.db")
        schema.upgrade(database)
        seeding.seed(database, folder)
        with database.read() as session:
            catalogue = load_catalogue(session)
            documents = [
                make_document(record, catalogue)
                for records in queries.iter_chunks(session)
                for record in records.values()
            ]
        database.dispose()
    return documents


def sentences(documents: Sequence[Document], lang: str) -> list[str]:
    """Return every sentence of the texts in `lang`."""
    texts = (document.text.get(lang, "") for document in documents)
    return [sentence for text in texts for sentence in _SENTENCE_END.split(text) if sentence]


def generate_documents(seed: Sequence[Document], count: int) -> Iterator[Document]:
    """Yield `count` documents, each recombined from several of `seed`."""
    rng = seeded_random()
    by_lang = {lang: sentences(seed, lang) for lang in LANGUAGES}
    mean_sentences = {lang: len(lang_sentences) // len(seed) for lang, lang_sentences in by_lang.items()}

    def text(lang: Lang) -> str:
        length = rng.randint(mean_sentences[lang] // 2, mean_sentences[lang] * 3 // 2)
        return " ".join(rng.choices(by_lang[lang], k=length))

    for number in range(count):
        given_source, family_source, facts_source, headline_source = rng.choices(seed, k=4)
        names = tuple(map(_cross_names, given_source.names, family_source.names))
        year_shift = rng.randint(-40, 40)
        yield Document(
            id=f"{given_source.id}-{number}",
            names=names,
            headline=headline_source.headline,
            labels=facts_source.labels,
            text={lang: text(lang) for lang in LANGUAGES},
            facets={facet: rng.choice(seed).facets[facet] for facet in facts_source.facets},
            sort_key=sort_key(names[0]),
            born=_shift_range(facts_source.born, year_shift),
            died=_shift_range(facts_source.died, year_shift),
            updated=float(number),
            documented=rng.choice(seed).documented,
        )


def _cross_names(given: str, family: str) -> str:
    """Return the first word of one name with the last word of another."""
    return f"{given.split()[0]} {family.split()[-1]}"


def _shift_range(days: tuple[int | None, int | None], years: int) -> tuple[int | None, int | None]:
    earliest, latest = (None if day is None else day + years * 365 for day in days)
    return earliest, latest
