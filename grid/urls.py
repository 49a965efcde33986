"""Addresses of grid."""

from django.urls import path

from .views import messages, party, recuts, rental_people, rentals, round_plans, rounds

app_name = "grid"

urlpatterns = [
    path("messages/", messages.messages, name="messages"),
    path("messages/count/", messages.count, name="messages_count"),
    path("party/", party.entries, name="party"),
    path("party/reporters/<int:pk>/", party.reporter, name="reporter"),
    path("party/tasks/<int:pk>/", party.community_task, name="community_task"),
    path("party/tasks/<int:pk>/step/", party.task_step, name="task_step"),
    path("party/<slug:kind>/", party.entries, name="party_list"),
    path("party/<slug:kind>/new/", party.entry_edit, name="party_new"),
    path("party/<slug:kind>/<int:pk>/edit/", party.entry_edit, name="party_edit"),
    path("grid/rentals/", rentals.rentals, name="rentals"),
    path("grid/rentals/new/", rentals.rental_new, name="rental_new"),
    path("grid/rentals/schemes/", rentals.rental_schemes, name="rental_schemes"),
    path("grid/rentals/plans/<int:pk>/", rentals.rental_plan, name="rental_plan"),
    path("grid/rentals/photos/<int:pk>/", rentals.visit_photo, name="visit_photo"),
    path("grid/rentals/<int:pk>/", rentals.rental, name="rental"),
    path("grid/rentals/<int:pk>/regrade/", rentals.rental_regrade, name="rental_regrade"),
    path("grid/rentals/<int:pk>/let/", rentals.rental_let, name="rental_let"),
    path("grid/rentals/<int:pk>/people/", rental_people.rental_people, name="rental_people"),
    path("grid/rentals/<int:pk>/people/new/", rental_people.rental_person_new, name="rental_person_new"),
    path(
        "grid/rentals/<int:pk>/people/<int:person>/remove/",
        rental_people.rental_person_remove,
        name="rental_person_remove",
    ),
    path("grid/round/", rounds.today, name="round_today"),
    path("grid/rounds/", rounds.RoundList.as_view(), name="rounds"),
    path("grid/rounds/<int:pk>/", rounds.round_page, name="round"),
    path("grid/rounds/<int:pk>/points/<int:point>/", rounds.round_check_in, name="round_check_in"),
    path("grid/rounds/<int:pk>/reason/", rounds.round_explain, name="round_explain"),
    path("grid/round-plans/", round_plans.PlanList.as_view(), name="round_plans"),
    path("grid/round-plans/new/", round_plans.plan_new, name="round_plan_new"),
    path("grid/round-plans/<int:pk>/", round_plans.plan_edit, name="round_plan"),
    path("grid/round-plans/<int:pk>/end/", round_plans.plan_end, name="round_plan_end"),
    path("grid/recuts/", recuts.recuts, name="recuts"),
    path("grid/recuts/new/", recuts.recut_new, name="recut_new"),
    path("grid/recuts/<int:pk>/", recuts.recut, name="recut"),
    path("grid/recuts/<int:pk>/cancel/", recuts.recut_cancel, name="recut_cancel"),
]
