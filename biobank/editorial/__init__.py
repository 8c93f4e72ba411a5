"""How a record becomes public: revisions and publishing."""
