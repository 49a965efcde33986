"""Back office of intake, a file for each subject."""

from . import channels, connectors, deliveries, desk, learning, public, refusals  # noqa: F401 - the classes register themselves
