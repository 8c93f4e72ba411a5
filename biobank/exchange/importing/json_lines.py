"""Parser of a line of JSON Lines."""

import json
from typing import Any

from biobank.exchange.importing.faults import json_fault
from biobank.exchange.importing.said import Said, say
from biobank.json_text import KeyTwice, parsed


def value_of(line: bytes) -> tuple[Any, Said | None]:
    """Return the JSON value of `line` and None, or None and the error."""
    try:
        return parsed(line.decode("utf-8")), None
    except UnicodeDecodeError as error:
        return None, say("not_utf_8", at=error.start + 1)
    except KeyTwice as error:
        return None, say("key_twice", key=error.key)
    except json.JSONDecodeError as error:
        return None, say("no_json", fault=json_fault(error.msg), at=error.pos + 1)
    except (RecursionError, ValueError):
        return None, say("json_deep")
