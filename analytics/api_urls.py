"""Addresses of the API of figures, under /api/v1/."""

from django.urls import path

from .api import IndicatorsView, RankingView, SeriesView, ValuesView

app_name = "analytics_api"
urlpatterns = [
    path("figures/indicators", IndicatorsView.as_view(), name="indicators"),
    path("figures/values", ValuesView.as_view(), name="values"),
    path("figures/series", SeriesView.as_view(), name="series"),
    path("figures/ranking", RankingView.as_view(), name="ranking"),
]
