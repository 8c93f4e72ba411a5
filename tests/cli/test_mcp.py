"""`biobank mcp` without what it needs: one clear line."""

import subprocess
import sys
from collections.abc import Callable

from biobank.settings import Settings

#: The command where the SDK cannot be imported, as without the extra.
WITHOUT_SDK = "import sys; sys.modules['mcp'] = None; from biobank.cli import main; main(['mcp'])"


def test_a_missing_extra_is_named(environment: Callable[[], Settings]) -> None:
    command = [sys.executable, "-c", WITHOUT_SDK]
    result = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == "Error: biobank mcp needs: pip install 'biobank[mcp]'"
    assert "Traceback" not in result.stderr
