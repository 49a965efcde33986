"""What grid tells whoever listens; a failing listener never fails the step."""

from django.dispatch import Signal

# Sent after commit: messages wait for a gateway. Only a wake-up: the sweep finds them by their state.
messages_waiting = Signal()
