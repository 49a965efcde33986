"""Addresses of intake's pages."""

from django.urls import path

from . import converters  # noqa: F401 - the converter registers itself
from .views import (
    article_writing,
    case_more,
    citizens,
    desk,
    files,
    knowledge,
    leads,
    links,
    refusals,
    registering,
    retention,
    sheets,
)

app_name = "intake"
urlpatterns = [
    path("register/", registering.register, name="register"),
    path("register/assist/", registering.assist, name="assist"),
    path("register/areas/", registering.areas, name="areas"),
    path("register/caller/", registering.caller, name="caller"),
    path("register/pulse/", desk.pulse, name="pulse"),
    path("register/seat/", desk.seat, name="seat"),
    path("register/outcome/", registering.outcome, name="outcome"),
    path("register/drafts/<slug:key>/", desk.draft, name="draft"),
    path("cases/<number:number>/urge/", desk.urge, name="urge"),
    path("cases/<number:number>/present/", desk.present, name="present"),
    path("cases/<number:number>/", registering.registered, name="registered"),
    path("cases/<number:number>/links/", links.link, name="link"),
    path("cases/<number:number>/links/<int:pk>/undo/", links.undo, name="undo_link"),
    path("cases/<number:number>/more/", case_more.case_more, name="case_more"),
    path("cases/<number:number>/identity/", citizens.identity, name="identity"),
    path("identity/", citizens.identity_requests, name="identity_requests"),
    path("identity/<int:pk>/", citizens.identity_decide, name="identity_decide"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("attachments/<int:pk>/small/", files.thumbnail, name="thumbnail"),
    path("retention/", retention.retention, name="retention"),
    path("attachments/place/", files.photo_place, name="photo_place"),
    path("sheet/", sheets.sheet, name="sheet"),
    path("sheet/template/", sheets.sheet_template, name="sheet_template"),
    path("leads/", leads.LeadList.as_view(), name="leads"),
    path("leads/new/", leads.lead_new, name="lead_new"),
    path("leads/<number:number>/", leads.lead, name="lead"),
    path("knowledge/", knowledge.reader, name="reader"),
    path("knowledge/all/", knowledge.ArticleList.as_view(), name="articles"),
    path("knowledge/new/", article_writing.article_new, name="article_new"),
    path("knowledge/articles/<slug:code>/", knowledge.article, name="article"),
    path("knowledge/articles/<slug:code>/edit/", article_writing.article_edit, name="article_edit"),
    path("knowledge/articles/<slug:code>/change/", article_writing.article_change, name="article_change"),
    path("knowledge/articles/<slug:code>/step/", article_writing.article_step, name="article_step"),
    path("knowledge/articles/<slug:code>/correct/", knowledge.article_correct, name="article_correct"),
    path(
        "knowledge/articles/<slug:code>/corrections/<int:pk>/",
        article_writing.correction_answer,
        name="correction_answer",
    ),
    path("refusals/", refusals.refusals, name="refusals"),
    path("refusals/<int:pk>/", refusals.refusal, name="refusal"),
]
