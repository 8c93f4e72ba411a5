"""The desks of terms, places, organisations and sources: one anatomy, a description each."""
