"""Addresses of the duty list."""

from django.urls import path

from . import views
from .views import batches, lines

app_name = "dutylist"

urlpatterns = [
    path("", views.DutyList.as_view(), name="list"),
    path("items/<slug:code>/", views.item, name="item"),
    path("compare/", views.Compare.as_view(), name="compare"),
    path("units/mine/", views.my_unit, name="my_unit"),
    path("units/<slug:code>/", views.UnitDuties.as_view(), name="unit"),
    path("batches/", batches.BatchList.as_view(), name="batches"),
    path("batches/new/", batches.batch_new, name="batch_new"),
    path("batches/<slug:number>/", batches.batch, name="batch"),
    path("batches/<slug:number>/head/", batches.batch_edit, name="batch_edit"),
    path("batches/<slug:number>/print/", batches.batch_print, name="batch_print"),
    path("batches/<slug:number>/check/", batches.check, name="check"),
    path("batches/<slug:number>/act/<slug:move>/", batches.batch_act, name="batch_act"),
    path("batches/<slug:number>/policy/", lines.policy, name="policy"),
    path("batches/<slug:number>/pick/<slug:kind>/", lines.pick, name="pick"),
    path("batches/<slug:number>/new-line/", lines.line_new, name="line_new"),
    path("batches/<slug:number>/lines/", lines.batch_lines, name="batch_lines"),
    path("batches/<slug:number>/lines/<slug:code>/", lines.batch_line, name="batch_line"),
    path("batches/<slug:number>/lines/<slug:code>/edit/", lines.line_edit, name="line_edit"),
    path("batches/<slug:number>/lines/<slug:code>/remove/", lines.line_remove, name="line_remove"),
]
