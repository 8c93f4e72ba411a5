"""`python -m biobank.cli`, used by processes that start one another."""

from biobank.cli import main

main()
