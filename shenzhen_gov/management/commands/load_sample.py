"""`manage.py load_sample`: the sample city, its accounts and the sample duty list (样例). Never in production."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analytics.sample import create_sample_figures, past_month
from analytics.services import refresh_figures
from dispatch.sample import create_planned, sample_cases
from dispatch.sample_months import calls_about_matters, matter_item, past_cases
from grid.party_sample import create_sample_party
from grid.place_sample import create_sample_places
from grid.rental_sample import create_sample_rentals
from grid.round_sample import create_sample_rounds
from grid.sample import create_sample_city
from shenzhen_gov.core.actor import Actor


class Command(BaseCommand):
    """Idempotent; refuses unless the settings say that this is a sample set-up."""

    help = __doc__

    def handle(self, *args, **options):
        """Create what is missing."""
        if not settings.SAMPLE_SETUP:
            raise CommandError("Sample data is refused: these settings are not of a sample set-up.")
        by, now = Actor.system("load_sample"), timezone.now()
        create_sample_city(by=by, now=now)
        self.stdout.write(f"sample buildings: {create_sample_places(by=by, now=now)} added")
        call_command("load_grade_schemes", stdout=self.stdout)
        self.stdout.write(f"sample rentals: {create_sample_rentals(by=by, now=now)} registered")
        self.stdout.write(f"sample patrol plans: {create_sample_rounds(by=by, now=now)} made")
        self.stdout.write(f"sample party and partners: {create_sample_party(by=by, now=now)} entries")
        call_command("load_catalogue", "--assign", stdout=self.stdout)
        call_command("load_place_names", stdout=self.stdout)
        call_command("load_themes", stdout=self.stdout)
        call_command("load_standard_texts", stdout=self.stdout)
        call_command("load_articles", stdout=self.stdout)
        call_command("load_sample_rules", stdout=self.stdout)
        planned = [
            *past_cases(past_month(now), by=by),
            *calls_about_matters(by=by, now=now),
            *sample_cases(by=by, now=now),
        ]
        self.stdout.write(f"sample cases: {create_planned(planned)} registered")
        call_command("load_assessment_schemes", stdout=self.stdout)
        self.stdout.write(f"figures: {refresh_figures(by=by, now=now)} cases counted")
        made = create_sample_figures(matter_item(), by=by, now=now)
        self.stdout.write("sample of figures: " + ", ".join(f"{count} {name}" for name, count in made.items()))
