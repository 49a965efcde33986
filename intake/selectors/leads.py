"""Leads, as far as somebody may see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from grid import access
from intake.models import Lead
from intake.workflow import LEAD, LEAD_DISMISSED, LEAD_FILED, LEAD_FOUND, LEAD_VERIFIED
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import AuditEntry
from shenzhen_gov.core.workflow import Offer

TO_VERIFY, VERIFIED, FILED, DISMISSED, ALL = "verify", "verified", "filed", "dismissed", "all"
TAB_STATES = {TO_VERIFY: LEAD_FOUND, VERIFIED: LEAD_VERIFIED, FILED: LEAD_FILED, DISMISSED: LEAD_DISMISSED}


@dataclass(frozen=True)
class LeadPage:
    """A lead, what may be done with it now, and what was done."""

    lead: Lead
    offers: dict[str, Offer]
    entries: list

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to decide."""
        return self.lead.state in (LEAD_FOUND, LEAD_VERIFIED)


def list_leads(user, tab: str) -> QuerySet[Lead]:
    """Return the leads of a tab in the user's territory."""
    leads = Lead.objects.visible_to(user).select_related("area", "channel", "holder", "case")
    return leads.filter(state=TAB_STATES[tab]) if tab in TAB_STATES else leads


def get_lead(user, number: str) -> Lead | None:
    """Return a lead in sight, or None."""
    leads = Lead.objects.visible_to(user).select_related("area", "channel", "holder", "item", "case")
    return leads.filter(number=number).first()


def get_lead_page(lead: Lead, user) -> LeadPage:
    """Return what the page of a lead shows."""
    by = Actor.staff(user)
    entries = AuditEntry.objects.filter(object_type=Lead._meta.label_lower, object_id=lead.pk).order_by("id")[:50]
    offers = LEAD.offers(lead, lambda move: access.why_not(by, move.acts, lead))
    return LeadPage(lead, {offer.move.name: offer for offer in offers}, list(entries))
