"""The desk's pages of review: what waits, a record and its history, where each value came."""
