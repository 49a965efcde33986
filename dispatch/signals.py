"""What dispatch tells whoever listens; a failing listener never fails the step."""

from django.dispatch import Signal

# Sent after commit: messages to other platforms wait. Only a wake-up: the sweep finds what was missed.
messages_waiting = Signal()

# Sent after commit: confirmed cases wait to be counted into the cells of the gate.
outcomes_noted = Signal()
