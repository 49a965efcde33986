"""Addresses of dispatch and handling."""

from django.urls import path

from .views import cases, desk, lists, lookup, queue

app_name = "dispatch"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("queue/sign/", queue.sign_many, name="sign_many"),
    path("review/", queue.review, name="review"),
    path("desk/", desk.unmatched, name="unmatched"),
    path("desk/units/", desk.units, name="units"),
    path("desk/<int:pk>/", desk.dispatch, name="dispatch"),
    path("desk/<int:pk>/candidates/", desk.candidates, name="candidates"),
    path("desk/<int:pk>/reconsider/", desk.reconsider, name="reconsider"),
    path("search/", lookup.search, name="search"),
    path("cases/", lists.CaseList.as_view(), name="cases"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("cases/<str:number>/progress/", lookup.progress, name="progress"),
    path("work-orders/<int:pk>/<slug:step>/", cases.act, name="act"),
]
