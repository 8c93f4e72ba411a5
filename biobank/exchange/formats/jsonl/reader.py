"""Parser of a line of JSON Lines."""

import json
from typing import Any

from biobank.common.strict_json import DuplicateKeyError, loads
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.parser_errors import classify_json_error


def parse_line(line: bytes) -> tuple[Any, ImportMessage | None]:
    """Return the JSON value of `line` and None, or None and the error."""
    try:
        return loads(line.decode("utf-8")), None
    except UnicodeDecodeError as error:
        return None, import_message("not_utf_8", at=error.start + 1)
    except DuplicateKeyError as error:
        return None, import_message("key_twice", key=error.key)
    except json.JSONDecodeError as error:
        return None, import_message("no_json", fault=classify_json_error(error.msg), at=error.pos + 1)
    except (RecursionError, ValueError):
        return None, import_message("json_deep")
