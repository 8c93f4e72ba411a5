"""Keep the translation catalogues in step with the messages of templates and views.

    python frontend/messages.py            update messages.po and compile messages.mo
    python frontend/messages.py --check    list what is untranslated or outdated; exit 1 if any

Message ids are English. New messages are added to messages.po without translation, obsolete ones
are removed; a translator fills them in, and the command is run again.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FRONTEND_DIR = Path(__file__).parent
ROOT = FRONTEND_DIR.parent
KEYWORDS = {
    **dict.fromkeys(("_", "N_", "gettext", "lazy_gettext", "gettext_noop")),
    **dict.fromkeys(("pgettext", "lazy_pgettext", "pgettext_noop"), ((1, "c"), 2)),
    "ngettext": (1, 2),
}
HEADER = "# The words of the pages. English ids; frontend/messages.py keeps this file in step."

#: A fixed date and no translator names, so that repeated runs write identical files.
FIXED_TIMESTAMP = datetime(2026, 1, 1, tzinfo=UTC)


def extract_messages() -> Catalog:
    """Return every message of the templates and views."""
    with (FRONTEND_DIR / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    catalogue = Catalog(charset="utf-8")
    for _file, _line, message, _comments, context in extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, directory_filter=_is_project_folder
    ):
        catalogue.add(message, context=context)
    return catalogue


def _is_project_folder(folder: str) -> bool:
    inside = Path(folder).absolute().relative_to(ROOT.absolute()).parts
    return not inside or inside[0] == "biobank"


def update_catalogue(lang: str, messages: Catalog) -> tuple[Catalog, list[str]]:
    """Return the updated catalogue of a language and the ids without translation."""
    file = ROOT / "biobank" / "translations" / lang / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as handle:
        known = read_po(handle, locale=lang)
    fresh = Catalog(
        locale=lang,
        project="Biobank",
        version="1",
        last_translator="Biobank",
        language_team=lang,
        header_comment=HEADER,
        creation_date=FIXED_TIMESTAMP,
        revision_date=FIXED_TIMESTAMP,
        fuzzy=False,
    )
    for message in sorted(messages, key=lambda message: (str(message.id), message.context or "")):
        if message.id:
            old = known.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            fresh.add(message.id, old.string if old else None, flags=message.flags, context=message.context)
    empty = [str(message.id) for message in fresh if message.id and not _complete(message.string)]
    return fresh, empty


def _complete(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def main() -> int:
    messages, wrong = extract_messages(), 0
    for lang in ("az", "ru"):
        fresh, empty = update_catalogue(lang, messages)
        folder = ROOT / "biobank" / "translations" / lang / "LC_MESSAGES"
        po, mo = io.BytesIO(), io.BytesIO()
        write_po(po, fresh, width=100)
        write_mo(mo, fresh)
        files = {folder / "messages.po": po.getvalue(), folder / "messages.mo": mo.getvalue()}
        for message in empty:
            print(f"{lang}: no words for: {message}", file=sys.stderr)
        stale = [file for file, content in files.items() if file.read_bytes() != content]
        if "--check" in sys.argv:
            for file in stale:
                print(f"{lang}: {file.name} is out of step", file=sys.stderr)
            wrong += len(stale) + len(empty)
        else:
            for file, content in files.items():
                file.write_bytes(content)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
