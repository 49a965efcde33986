"""Addresses of analytics."""

from django.urls import path

from .views import behind, board, indicators, levels, radar, reports, tables, themes
from .views.ledger import corrections, exclusions, months, ranking, sheets

app_name = "analytics"

urlpatterns = [
    path("board/", board.start, name="boards"),
    path("board/<str:code>/", board.board, name="board"),
    path("board/<str:code>/screen/", board.screen, name="screen"),
    path("behind/", behind.behind, name="behind"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<slug:code>/", indicators.indicator, name="indicator"),
    path("radar/", radar.RadarList.as_view(), name="radar"),
    path("radar/refresh/", radar.refresh, name="radar_refresh"),
    path("radar/<int:pk>/", radar.finding, name="radar_finding"),
    path("radar/<int:pk>/dismiss/", radar.dismiss, name="radar_dismiss"),
    path("radar/<int:pk>/reopen/", radar.reopen, name="radar_reopen"),
    path("tables/", tables.tables, name="tables"),
    path("tables/keep/", tables.keep, name="table_keep"),
    path("tables/<int:pk>/remove/", tables.remove, name="table_remove"),
    path("levels/", levels.start, name="levels"),
    path("levels/<str:code>/", levels.levels, name="level"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/make/", reports.make, name="report_make"),
    path("reports/subscribe/", reports.subscribe, name="report_subscribe"),
    path("reports/subscriptions/<int:pk>/end/", reports.unsubscribe, name="report_unsubscribe"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/anew/", reports.make_anew, name="report_anew"),
    path("reports/<int:pk>/<str:form>/", reports.report_file, name="report_file"),
    path("ledger/", months.months, name="ledger"),
    path("ledger/exclusions/", exclusions.ExclusionList.as_view(), name="ledger_exclusions"),
    path("ledger/exclusions/<int:pk>/", exclusions.exclusion, name="ledger_exclusion"),
    path("ledger/exclusions/<int:pk>/decide/", exclusions.decide, name="ledger_decide"),
    path("ledger/exclusions/<int:pk>/withdraw/", exclusions.withdraw, name="ledger_withdraw"),
    path("ledger/evidence/<int:pk>/", exclusions.file, name="ledger_file"),
    path("ledger/<str:month>/step/", months.step, name="ledger_step"),
    path("ledger/<str:month>/unit/<int:pk>/", sheets.unit, name="ledger_unit"),
    path("ledger/<str:month>/unit/<int:pk>/correct/", corrections.correct_unit, name="ledger_correct_unit"),
    path("ledger/<str:month>/unit/<int:pk>/ask/<str:number>/", exclusions.ask, name="ledger_ask"),
    path("ledger/<str:month>/area/<str:code>/", sheets.area, name="ledger_area"),
    path("ledger/<str:month>/area/<str:code>/correct/", corrections.correct_area, name="ledger_correct_area"),
    path("ledger/<str:month>/<slug:scheme>/", ranking.ranking, name="ledger_ranking"),
    path("themes/", themes.ThemeList.as_view(), name="themes"),
    path("themes/new/", themes.theme_new, name="theme_new"),
    path("themes/<int:pk>/", themes.theme, name="theme"),
    path("themes/<int:pk>/move/", themes.theme_move, name="theme_move"),
    path("themes/<int:pk>/steps/", themes.theme_step, name="theme_step"),
    path("themes/<int:pk>/steps/<int:step>/done/", themes.theme_step_done, name="theme_step_done"),
    path("themes/<int:pk>/cases/", themes.theme_case, name="theme_case"),
    path("themes/<int:pk>/cases/<int:case>/out/", themes.theme_case_out, name="theme_case_out"),
    path("themes/<int:pk>/batches/", themes.theme_batch, name="theme_batch"),
    path("themes/<int:pk>/reviews/<int:review>/", themes.theme_review, name="theme_review"),
]
