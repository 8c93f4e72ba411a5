"""The desk: where records are written, reviewed and kept."""
