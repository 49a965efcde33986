"""Addresses of grid."""

from django.urls import path

from .views import messages, party, rental_people, rentals

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
]
