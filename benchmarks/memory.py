"""How much memory this process holds, in megabytes."""

import resource
import sys
from pathlib import Path

MEGABYTE = 2**20


def held() -> float:
    """What it holds now; where the system does not tell, the most it held."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except FileNotFoundError:
        return most()
    return int(pages) * resource.getpagesize() / MEGABYTE


def most() -> float:
    """The most it ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kilobytes, macOS bytes.
    return peak / (MEGABYTE if sys.platform == "darwin" else 1024)
