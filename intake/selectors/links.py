"""The cases a case is linked with, as far as somebody sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from intake.models import Case, CaseLink

from .similar import reason_words

SHOWN = 20


@dataclass(frozen=True)
class Linked:
    """A linked case as seen from another. `role`: main, secondary, or a fellow under the same main case."""

    link: CaseLink
    case: Case
    role: str

    @property
    def reasons(self) -> list[str]:
        """Return what spoke for the link, in words."""
        return reason_words(self.link.reasons)

    @property
    def percent(self) -> int | None:
        """Return the similarity in per cent, None where somebody linked without."""
        return None if self.link.score is None else round(self.link.score * 100)


def get_links(user, case: Case, limit: int = SHOWN) -> tuple[list[Linked], bool]:
    """Return the cases linked with `case` that `user` sees, the main one first, then the newest; whether more are."""
    above = CaseLink.objects.filter(secondary=case.pk, undone_at=None).values_list("main", flat=True).first()
    about = Q(secondary=case.pk) | Q(main=above or case.pk)
    links = list(CaseLink.objects.filter(about, undone_at=None).order_by("-pk")[: limit + 1])
    others = {link.pk: link.main_id if link.secondary_id == case.pk else link.secondary_id for link in links}
    visible = Case.objects.visible_to(user).select_related("area", "holder").in_bulk(list(others.values()))
    rows = [
        Linked(link, visible[others[link.pk]], _role(link, case, above)) for link in links if others[link.pk] in visible
    ]
    rows.sort(key=lambda row: row.role != "main")
    return rows[:limit], len(links) > limit


def is_secondary(case: Case) -> bool:
    """Whether the case follows another one, its main case."""
    return CaseLink.objects.filter(secondary=case.pk, undone_at=None).exists()


def is_linked_by(case: Case, link_id: int) -> bool:
    """Whether this link is one of the case's own, or of a fellow under the same main case."""
    above = CaseLink.objects.filter(secondary=case.pk, undone_at=None).values("main")
    own = Q(secondary=case.pk) | Q(main=case.pk) | Q(main__in=above)
    return CaseLink.objects.filter(own, pk=link_id).exists()


def _role(link: CaseLink, case: Case, above: int | None) -> str:
    if link.secondary_id == case.pk:
        return "main"
    return "secondary" if above is None else "fellow"
