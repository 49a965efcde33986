"""What happens by the clock: the sweeps that find whatever a lost wake-up call left behind (docs/adr/0002).

Each entry names a task that may run twice, at any moment, on any machine. `expires` lets a worker that was away skip
the minutes it missed.
"""

MINUTE = 60.0

SCHEDULE = {
    "dispatch what still waits": {
        "task": "dispatch.tasks.pick_up",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "follow up the open cases of published batches": {
        "task": "dispatch.tasks.follow_batches",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "publish what is due of the duty list": {
        "task": "dutylist.tasks.publish_due",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "replay past cases against drafts": {
        "task": "dispatch.tasks.run_replays",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "carry out institutional changes": {
        "task": "dutylist.tasks.carry_out_plans",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "give the open work of closed units to their successors": {
        "task": "dispatch.tasks.rehome",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "seal the audit log": {
        "task": "shenzhen_gov.core.tasks.seal_audit",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "mark job runs whose process died": {
        "task": "shenzhen_gov.core.tasks.reap_jobs",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    "look through the duty list when its hour has come or somebody asked": {
        "task": "analytics.tasks.refresh_radar",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
}
