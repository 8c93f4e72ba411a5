"""The modules of `biobank.search` that a search enters before the engine.

Run: `python benchmarks/search_path.py` with the settings of a bank (see the README), e.g. one made by
`make run`. Prints one line a query: the number of modules, and their names.
"""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from biobank import search
from biobank.bootstrap import open_services
from biobank.search.query import SearchQuery

PACKAGE_DIR = Path(search.__file__).parent
ENGINE_DIR = PACKAGE_DIR / "whoosh_engine"
QUERIES = ("composer", "Üzeyir Hacıbəyov", "born:1880..1920 profession:poet -country:TR", '"opera"')


def entered_modules(call: Callable[[], object]) -> list[str]:
    """Return the modules that `call` enters until the first search of the engine."""
    modules: dict[str, None] = {}

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        if event != "call":
            return
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ENGINE_DIR):
            if frame.f_code.co_name == "search":
                sys.setprofile(None)
        elif file.is_relative_to(PACKAGE_DIR):
            modules.setdefault(str(file.relative_to(PACKAGE_DIR).with_suffix("")))

    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(None)
    return list(modules)


def main() -> None:
    with open_services() as services:
        services.search.search(SearchQuery("x"))
        for text in QUERIES:
            query = SearchQuery(text, "en")
            modules = entered_modules(partial(services.search.search, query))
            print(len(modules), text, *modules)


if __name__ == "__main__":
    main()
