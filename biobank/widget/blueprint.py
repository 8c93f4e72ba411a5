"""The blueprint of the widget, which is requested by pages of other sites."""

from flask import Blueprint

blueprint = Blueprint("widget", __name__)
