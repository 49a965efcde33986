"""What intake tells whoever listens. Intake knows no listener."""

from django.dispatch import Signal

# Sent after commit with `case_ids` (a list): these cases now await dispatch. Only a wake-up: whoever misses it finds
# the cases by their state, and a failing listener never fails the request.
case_accepted = Signal()

# Sent in the transaction of the move with `case`, `move`, `by`, `now`, `note`: one case changed its state
# (services/moves.py). What a listener writes stands or falls with the move.
case_moved = Signal()

# Sent in the transaction of the evaluation with `evaluation` and `now`.
case_evaluated = Signal()

# Sent in the transaction of the addition with `supplement` and `now`.
case_supplemented = Signal()

# Sent after commit: call-backs to channels are owed. Only a wake-up; the sweep finds them by their state.
callback_owed = Signal()

# Sent in the transaction that took personal data out of old cases, with `case_ids`, `names` (of the citizens, by case)
# and `now`: whoever keeps texts of them does the same.
cases_anonymised = Signal()
