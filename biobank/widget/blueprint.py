"""The blueprint of what other sites embed. Whoever asks here is a page of another site."""

from flask import Blueprint

blueprint = Blueprint("widget", __name__)
