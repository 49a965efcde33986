"""Addresses of dispatch and handling."""

from django.urls import path

from .views import cases, desk, exchange, files, forecast, list_changes, lists, lookup, queue, unit_cases

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
    path("list-changes/", list_changes.follow_ups, name="follow_ups"),
    path("list-changes/<int:pk>/", list_changes.decide, name="decide_follow_up"),
    path("list-changes/batches/<int:pk>/cases/", list_changes.batch_cases, name="batch_cases"),
    path("list-changes/batches/<int:pk>/replay/", list_changes.batch_replay, name="batch_replay"),
    path("list-changes/lines/<int:pk>/cases/", list_changes.line_cases, name="line_cases"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("exchange/", exchange.ExchangeList.as_view(), name="exchange"),
    path("exchange/peers/<int:pk>/retry/", exchange.retry_peer, name="exchange_retry"),
    path("exchange/<int:pk>/", exchange.message, name="exchange_message"),
    path("search/", lookup.search, name="search"),
    path("cases/", lists.CaseList.as_view(), name="cases"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("units/<int:pk>/cases/", unit_cases.unit_cases, name="unit_cases"),
    path("cases/<str:number>/more/", cases.case_more, name="case_more"),
    path("cases/<str:number>/progress/", lookup.progress, name="progress"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("attachments/<int:pk>/small/", files.attachment, {"is_small": True}, name="thumbnail"),
    path("work-orders/<int:pk>/<slug:step>/", cases.act, name="act"),
    path("cases/<int:pk>/steps/<slug:step>/", cases.act_on_case, name="act_on_case"),
]
