"""Optional retrieval by meaning: people whose texts resemble a question without sharing its words."""
