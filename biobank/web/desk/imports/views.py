"""Routes of imports: a file is uploaded, checked, reviewed and saved as drafts."""

from flask import jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.errors import ImportRefused
from biobank.exchange.imports import service
from biobank.exchange.imports.service import submit_drafts
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.http.streaming import text_file_response
from biobank.web.core.forms import read_line
from biobank.web.desk import blueprint
from biobank.web.desk.imports.labels import field_error
from biobank.web.desk.imports.pages import imports_page, progress_payload, run_page, uploaded_file
from biobank.web.desk.imports.report import report_as_csv, report_as_json

#: The largest id of a 32-bit integer column in both databases.
RUN_ID = "<int(max=2147483647):run_id>"
REPORT_FORMATS = {
    "json": ("application/json; charset=utf-8", report_as_json),
    "csv": ("text/csv; charset=utf-8", report_as_csv),
}


@blueprint.get("/imports")
@requires(Action.IMPORT)
def imports(lang: str) -> ResponseReturnValue:
    return imports_page()


@blueprint.post("/imports")
@requires(Action.IMPORT)
def imports_post(lang: str) -> ResponseReturnValue:
    try:
        run_id = service.submit_file(services.database, services.uploads, identity(), uploaded_file())
    except ImportRefused as error:
        return imports_page(error)
    return redirect(url_for("desk.import_run", lang=lang, run_id=run_id), 303)


@blueprint.get(f"/imports/{RUN_ID}")
@requires(Action.IMPORT)
def import_run(lang: str, run_id: int) -> ResponseReturnValue:
    return run_page(run_id)


@blueprint.post(f"/imports/{RUN_ID}")
@requires(Action.IMPORT)
def import_run_post(lang: str, run_id: int) -> ResponseReturnValue:
    """Perform the action of the button that was pressed."""
    submitted_count = None
    try:
        if (action := read_line("do")) == "hand_in":
            submitted_count = submit_drafts(services.database, identity(), run_id)
        else:
            service.apply_run_action(services.database, services.uploads, identity(), run_id, action)
    except ImportRefused as error:
        return run_page(run_id, [field_error(error)])
    return redirect(url_for("desk.import_run", lang=lang, run_id=run_id, handed=submitted_count), 303)


@blueprint.get(f"/imports/{RUN_ID}/progress.json")
@requires(Action.IMPORT)
def import_progress(lang: str, run_id: int) -> ResponseReturnValue:
    return jsonify(progress_payload(service.get_run(services.database, identity(), run_id)))


@blueprint.get(f"/imports/{RUN_ID}/report.<any(json, csv):ending>")
@requires(Action.IMPORT)
def import_file(lang: str, run_id: int, ending: str) -> ResponseReturnValue:
    run = service.get_run(services.database, identity(), run_id)
    media_type, write = REPORT_FORMATS[ending]
    return text_file_response(write(run), f"biobank-import-{run_id}.{ending}", media_type)
