"""Routes of the home page of the desk, the review queue and the list of all records."""

from flask.typing import ResponseReturnValue

from biobank.access import permits
from biobank.accounts.policy import Action
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.review import lists


@blueprint.get(f"/{LANG}/desk")
@permits(Action.SEE_DESK)
def desk(lang: str) -> ResponseReturnValue:
    return lists.home_page()


@blueprint.get(f"/{LANG}/desk/reviews")
@permits(Action.SEE_DESK)
def desk_reviews(lang: str) -> ResponseReturnValue:
    return lists.reviews_page()


@blueprint.get(f"/{LANG}/desk/people")
@permits(Action.SEE_DESK)
def desk_people(lang: str) -> ResponseReturnValue:
    return lists.people_page()
