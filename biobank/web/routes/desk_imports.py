"""Routes of imports: a file is uploaded, checked, reviewed and saved as drafts."""

from flask import jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.downloads import text_file
from biobank.errors import ImportRefused
from biobank.exchange.importing import desk
from biobank.exchange.importing.handing_in import hand_in
from biobank.extensions import services
from biobank.web.account.forms import typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.imports.files import report_as_csv, report_as_json
from biobank.web.desk.imports.pages import imports_page, sent_file
from biobank.web.desk.imports.run_page import progress_of, run_page
from biobank.web.desk.imports.words import mistake_of

#: The largest id of a 32-bit integer column in both databases.
ID = "<int(max=2147483647):run_id>"
FILES = {
    "json": ("application/json; charset=utf-8", report_as_json),
    "csv": ("text/csv; charset=utf-8", report_as_csv),
}


@blueprint.get(f"/{LANG}/desk/imports")
@permits(Action.IMPORT)
def desk_imports(lang: str) -> ResponseReturnValue:
    return imports_page()


@blueprint.post(f"/{LANG}/desk/imports")
@permits(Action.IMPORT)
def desk_imports_send(lang: str) -> ResponseReturnValue:
    try:
        run_id = desk.take(services.database, services.uploads, identity(), sent_file())
    except ImportRefused as error:
        return imports_page(error)
    return redirect(url_for("web.desk_import", lang=lang, run_id=run_id), 303)


@blueprint.get(f"/{LANG}/desk/imports/{ID}")
@permits(Action.IMPORT)
def desk_import(lang: str, run_id: int) -> ResponseReturnValue:
    return run_page(run_id)


@blueprint.post(f"/{LANG}/desk/imports/{ID}")
@permits(Action.IMPORT)
def desk_import_send(lang: str, run_id: int) -> ResponseReturnValue:
    """Perform the action of the button that was pressed."""
    handed = None
    try:
        if (do := typed("do")) == "hand_in":
            handed = hand_in(services.database, identity(), run_id)
        else:
            desk.act(services.database, services.uploads, identity(), run_id, do)
    except ImportRefused as error:
        return run_page(run_id, [mistake_of(error)])
    return redirect(url_for("web.desk_import", lang=lang, run_id=run_id, handed=handed), 303)


@blueprint.get(f"/{LANG}/desk/imports/{ID}/progress.json")
@permits(Action.IMPORT)
def desk_import_progress(lang: str, run_id: int) -> ResponseReturnValue:
    return jsonify(progress_of(desk.run_of(services.database, identity(), run_id)))


@blueprint.get(f"/{LANG}/desk/imports/{ID}/report.<any(json, csv):ending>")
@permits(Action.IMPORT)
def desk_import_file(lang: str, run_id: int, ending: str) -> ResponseReturnValue:
    run = desk.run_of(services.database, identity(), run_id)
    media_type, write = FILES[ending]
    return text_file(write(run), f"biobank-import-{run_id}.{ending}", media_type)
