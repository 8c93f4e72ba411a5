"""The desk: where records are written, reviewed and managed."""
