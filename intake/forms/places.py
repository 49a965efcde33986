"""A point on the map that a page's script fills in after somebody pressed for it."""

from __future__ import annotations

from django import forms


class PointFields(forms.Form):
    """Longitude and latitude (WGS 84), both or neither."""

    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict:
        """Drop half a point: it is an offer, not a duty."""
        given = super().clean() or {}
        if given.get("longitude") is None or given.get("latitude") is None:
            given["longitude"] = given["latitude"] = None
        return given
