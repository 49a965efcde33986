"""`manage.py load_reference`: everything a new installation needs before the first case, in the right order."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS = (
    "load_areas",
    "load_calendar",
    "load_roles",
    "load_parameters",
    "load_message_templates",
    "load_round_kinds",
    "load_party_kinds",
    "load_channels",
    "load_hint_words",
    "load_refusal_reasons",
    "load_lookup_connectors",
    "load_screening_words",
    "load_clock_rules",
    "load_request_reasons",
    "load_closing_criteria",
    "load_escalation_rules",
    "load_indicators",
    "load_exclusion_grounds",
)


class Command(BaseCommand):
    """Reference data is CSV in each app's data/ folder; every step is idempotent and shows what it changed."""

    help = __doc__

    def handle(self, *args, **options):
        """Run the steps."""
        for step in STEPS:
            call_command(step, stdout=self.stdout, stderr=self.stderr)
