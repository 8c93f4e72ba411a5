"""`python -m biobank.cli`, for processes that start one another."""

from biobank.cli import main

main()
