"""What helps while one writes: choices, dates, a preview, a warning of duplicates."""
