"""Back office of intake, a file for each subject."""

from . import channels, deliveries, desk, public, refusals  # noqa: F401 - the classes register themselves
