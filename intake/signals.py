"""What intake tells whoever listens. Intake knows no listener, and a failing one never fails the request."""

from django.dispatch import Signal

# Sent after commit with `case_ids` (a list): these cases now await dispatch. Only a wake-up: whoever misses it finds
# the cases by their state.
case_accepted = Signal()
