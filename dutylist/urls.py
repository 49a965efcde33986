"""Addresses of the duty list."""

from django.urls import path

from . import views
from .views import batches, documents, excel, lines, objections, plans

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
    path("workbook/", excel.DutyWorkbook.as_view(), name="workbook"),
    path("batches/<slug:number>/excel/", excel.batch_import, name="batch_import"),
    path("batches/<slug:number>/excel/template/", excel.batch_template, name="batch_template"),
    path("batches/<slug:number>/excel/list/", excel.batch_list, name="batch_list"),
    path("batches/<slug:number>/excel/lines/", excel.batch_export, name="batch_export"),
    path("batches/<slug:number>/excel/marked/", excel.batch_marked, name="batch_marked"),
    path("batches/<slug:number>/policy/", lines.policy, name="policy"),
    path("batches/<slug:number>/pick/<slug:kind>/", lines.pick, name="pick"),
    path("batches/<slug:number>/new-line/", lines.line_new, name="line_new"),
    path("batches/<slug:number>/lines/", lines.batch_lines, name="batch_lines"),
    path("batches/<slug:number>/lines/<slug:code>/", lines.batch_line, name="batch_line"),
    path("batches/<slug:number>/lines/<slug:code>/edit/", lines.line_edit, name="line_edit"),
    path("batches/<slug:number>/lines/<slug:code>/remove/", lines.line_remove, name="line_remove"),
    path("items/<slug:code>/objections/new/", objections.objection_new, name="objection_new"),
    path("items/<slug:code>/ruling/", objections.ruling, name="ruling"),
    path("objections/", objections.ObjectionList.as_view(), name="objections"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("objections/<int:pk>/decide/", objections.objection_decide, name="objection_decide"),
    path("objections/<int:pk>/take/", objections.objection_take, name="objection_take"),
    path("plans/", plans.PlanList.as_view(), name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/prepare/", plans.plan_prepare, name="plan_prepare"),
    path("plans/<int:pk>/cancel/", plans.plan_cancel, name="plan_cancel"),
    path("items/<slug:code>/documents/", documents.item_document, name="item_document"),
    path("batches/<slug:number>/documents/", documents.batch_document, name="batch_document"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("names/<slug:kind>/", objections.suggest, name="names"),
]
