"""Routes of the home page of the desk, the review queue and the list of all records."""

from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.http.auth import requires
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.desk.review import pages


@blueprint.get(f"/{LANG_RULE}/desk")
@requires(Action.SEE_DESK)
def desk(lang: str) -> ResponseReturnValue:
    return pages.home_page()


@blueprint.get(f"/{LANG_RULE}/desk/reviews")
@requires(Action.SEE_DESK)
def desk_reviews(lang: str) -> ResponseReturnValue:
    return pages.reviews_page()


@blueprint.get(f"/{LANG_RULE}/desk/people")
@requires(Action.SEE_DESK)
def desk_people(lang: str) -> ResponseReturnValue:
    return pages.people_page()
