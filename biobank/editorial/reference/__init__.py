"""Terms, places, organisations and sources at the desk: added, changed, merged, removed."""
