"""For WSGI servers: `gunicorn wsgi:application`. Run `biobank index follow` beside it."""

from biobank.app import create_app

application = create_app()
