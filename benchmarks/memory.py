"""The memory of this process, in megabytes."""

import resource
import sys
from pathlib import Path

MEGABYTE = 2**20


def resident_mb() -> float:
    """Return the current resident memory; the peak where the system does not report it."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except FileNotFoundError:
        return peak_mb()
    return int(pages) * resource.getpagesize() / MEGABYTE


def peak_mb() -> float:
    """Return the peak resident memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kilobytes, macOS bytes.
    return peak / (MEGABYTE if sys.platform == "darwin" else 1024)
