"""Pictures of the bank: image processing, files, licences and queries."""
