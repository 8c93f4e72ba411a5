"""Import of records: readers, person ids, storage and reports."""
