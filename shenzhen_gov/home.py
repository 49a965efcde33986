"""Each role's start page, and the pages that belong to no app."""

from django.shortcuts import render


def stale_page(request, reason=""):
    """Answer a form whose security token is missing or old: nothing was lost but the page, so offer it again."""
    return render(request, "stale.html", {"reason": reason}, status=403)
