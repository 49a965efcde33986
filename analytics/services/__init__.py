"""Every write of analytics, a file for each subject. What happened to cases is never changed from here."""

from .detecting import detect_due
from .feeds import create_feed_key, revoke_feed_key
from .figures import ask_rebuild, rebuild, refresh_figures
from .indicators import load_indicators, publish_version
from .kept_tables import keep_table, remove_table
from .open_data import release_open_data
from .radar import ask_refresh, dismiss_finding, refresh_due, refresh_radar, reopen_finding
from .reports import ReportScope, make_due_reports, make_report, subscribe, unsubscribe
from .risk_sweep import watch_risks
from .theme_heads import ThemeHead, change_theme
from .themes import NewStep, NewTheme, move_theme, open_theme
from .themes_work import add_step, ask_reviews, do_step, link_batch, link_case, unlink_case, write_review
from .warnings import (
    accept_warning,
    assign_warning,
    close_warning,
    record_action,
    reject_warning,
    reopen_warning,
    take_on_warning,
)

__all__ = [
    "NewStep",
    "NewTheme",
    "ReportScope",
    "accept_warning",
    "add_step",
    "ask_rebuild",
    "ask_refresh",
    "ask_reviews",
    "assign_warning",
    "close_warning",
    "create_feed_key",
    "detect_due",
    "dismiss_finding",
    "do_step",
    "keep_table",
    "link_batch",
    "link_case",
    "load_indicators",
    "make_due_reports",
    "make_report",
    "ThemeHead",
    "change_theme",
    "move_theme",
    "open_theme",
    "publish_version",
    "rebuild",
    "record_action",
    "refresh_due",
    "refresh_figures",
    "refresh_radar",
    "reject_warning",
    "release_open_data",
    "remove_table",
    "reopen_finding",
    "reopen_warning",
    "revoke_feed_key",
    "subscribe",
    "take_on_warning",
    "unlink_case",
    "unsubscribe",
    "watch_risks",
    "write_review",
]
