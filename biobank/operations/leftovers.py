"""Removal of files that killed processes left behind."""

from biobank.bootstrap import Services
from biobank.common.files import TEMPORARY_SECONDS, remove_temporary
from biobank.settings import INSTANCE_DIR
from biobank.store.integrity import database_folder


def remove_leftovers(services: Services, min_age_seconds: float = TEMPORARY_SECONDS) -> int:
    """Delete temporary files of the bank without writes for `min_age_seconds`; return their number."""
    settings = services.settings
    folders = [settings.index_dir, settings.imports_dir, settings.dumps_dir, settings.media_dir, INSTANCE_DIR]
    # Temporary files are beside those that they are to replace.
    folders += [*settings.index_dir.glob("g*/"), *settings.media_dir.glob("*/")]
    if database := database_folder(services.database):
        folders.append(database)
    folders.append(settings.media_dir.parent)
    removed = sum(remove_temporary(folder, min_age_seconds) for folder in dict.fromkeys(folders))
    return removed + services.engine.remove_abandoned(min_age_seconds)
