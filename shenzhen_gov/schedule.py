"""What happens by the clock: the sweeps that find whatever a lost wake-up call left behind (docs/adr/0002).

Each entry names a task that may run twice, at any moment, on any machine. `expires` lets a worker that was away skip
the minutes it missed.
"""

MINUTE = 60.0

# what happens → the task that does it, every minute
EVERY_MINUTE = {
    "dispatch what still waits": "dispatch.tasks.pick_up",
    "say up the line what is nearly or quite over": "dispatch.tasks.escalate",
    "tidy the dispatch desks": "dispatch.tasks.tidy_dispatch_desk",
    "follow up the open cases of published batches": "dispatch.tasks.follow_batches",
    "publish what is due of the duty list": "dutylist.tasks.publish_due",
    "count what people confirmed for the gate of automatic dispatch": "dispatch.tasks.count_outcomes",
    "let cases go on that were suspended or closed for a stage": "dispatch.tasks.wake_cases",
    "ask the language model, where there is one, about cases that wait for a dispatcher": "dispatch.tasks.ask_opinions",
    "make the weekly figures of dispatch, once a day": "dispatch.tasks.refresh_weeks",
    "replay past cases against drafts": "dispatch.tasks.run_replays",
    "retire dispatch rules that were replaced, count what rules decided": "dispatch.tasks.keep_rules",
    "carry out institutional changes": "dutylist.tasks.carry_out_plans",
    "cut communities and cells anew whose day has come": "dutylist.tasks.carry_out_recuts",
    "let QR points and leads follow areas cut anew": "intake.tasks.follow_recuts",
    "take up again what was not good": "dispatch.tasks.redo",
    "archive the cases whose time to evaluate is over": "dispatch.tasks.archive",
    "tell citizens that their requests were taken on": "dispatch.tasks.tell_accepted",
    "look for closings that may be none": "dispatch.tasks.doubt_closings",
    "give the open work of closed units to their successors": "dispatch.tasks.rehome",
    "follow leads to the end of their cases": "intake.tasks.finish_leads",
    "take articles offline whose time is over, count the uses of the others": "intake.tasks.keep_articles",
    "tidy the agents' desks": "intake.tasks.tidy_desks",
    "forget what was counted for budgets that are over": "intake.tasks.forget_tallies",
    "let new cases be found by their words": "intake.tasks.index_texts",
    "send channels what they are owed": "intake.tasks.deliver_callbacks",
    "send other platforms what they are owed": "dispatch.tasks.deliver_exchange",
    "anonymise old personal data when somebody asked or its day has come": "intake.tasks.run_retention",
    "make the rounds of the day, end those whose time is over": "grid.tasks.keep_rounds",
    "plan the visits of rentals, once a day and when something asks for it": "grid.tasks.plan_visits",
    "send messages that wait": "grid.tasks.deliver_messages",
    "forget old messages": "grid.tasks.forget_messages",
    "import tables of buildings and rooms, outlines of areas": "grid.tasks.import_places",
    "write long lists as files, forget old ones": "grid.tasks.make_exports",
    "scan files that were taken unscanned": "intake.tasks.scan_files",
    "seal the audit log": "shenzhen_gov.core.tasks.seal_audit",
    "mark job runs whose process died": "shenzhen_gov.core.tasks.reap_jobs",
    "look for early warnings when their hour has come": "analytics.tasks.detect_warnings",
    "read new cases for risk words": "analytics.tasks.watch_risks",
    "bring the figures up to date": "analytics.tasks.refresh_figures",
    "freeze the months of the assessment that were asked for": "analytics.tasks.freeze_months",
    "make the reports whose hour has come": "analytics.tasks.make_reports",
    "ask for the monthly reviews of special themes": "analytics.tasks.ask_theme_reviews",
    "look through the duty list when its hour has come or somebody asked": "analytics.tasks.refresh_radar",
}

SCHEDULE = {
    what: {"task": task, "schedule": MINUTE, "options": {"expires": MINUTE}} for what, task in EVERY_MINUTE.items()
}
