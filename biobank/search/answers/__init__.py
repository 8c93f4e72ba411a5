"""Answers by quotation: the fact, the person or the sentence that a question asks for."""
