"""What records of people refer to: terms, places, organisations and sources, all alike."""
