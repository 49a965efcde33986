"""How long the texts of a request may be: what the columns hold and what a person can read."""

CONTENT_LIMIT = 5_000  # characters
TITLE_LIMIT = 120
WISH_LIMIT = 300
ADDRESS_LIMIT = 300
NAME_LIMIT = 60
KEY_LIMIT = 100  # of an Idempotency-Key
AUTO_TITLE_LENGTH = 40
SUPPLEMENT_LIMIT = 1_000  # of one addition
EVALUATION_LIMIT = 500
ANSWER_LIMIT = 3_000  # of an answer on the spot, and of an article
NOTE_LIMIT = 300
