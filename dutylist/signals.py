"""What the duty list tells whoever listens. It knows no listener, and a failing one never fails the publishing."""

from django.dispatch import Signal

# Sent after commit with `batch_id`: this batch is in force, or an inverse batch took it back. Only a wake-up: whoever
# misses it finds the batch by its state.
batch_published = Signal()
