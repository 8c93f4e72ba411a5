"""How a biography is cited: on its page, on the page of all forms, in the head for programs."""
