"""What the bank shows where others link to it: drawn pictures, meta of pages, links to share."""
