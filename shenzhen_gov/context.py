"""What the shell shows on every page."""


def shell(request):
    """Return the shell's variables."""
    return {}
