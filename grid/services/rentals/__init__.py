"""Every write about rentals: schemes, registering, visits, grades, people, the plan."""

from .people import NewPerson, ShownPeople, add_person, ask_look, remove_person, view_people
from .planning import ask_plan, plan_some, plans_to_make
from .registering import NewRental, community_of, register_rental, set_rental_let
from .regrading import regrade
from .schemes import (
    CriterionRow,
    CriterionValues,
    LevelRow,
    LevelValues,
    SchemeFile,
    SchemeRow,
    SchemeValues,
    load_grade_schemes,
    save_grade_criterion,
    save_grade_level,
    save_grade_scheme,
)
from .visiting import NewVisit, record_visit

__all__ = [
    "CriterionRow",
    "CriterionValues",
    "LevelRow",
    "LevelValues",
    "NewPerson",
    "NewRental",
    "NewVisit",
    "SchemeFile",
    "SchemeRow",
    "SchemeValues",
    "ShownPeople",
    "add_person",
    "ask_look",
    "ask_plan",
    "community_of",
    "load_grade_schemes",
    "plan_some",
    "plans_to_make",
    "record_visit",
    "register_rental",
    "regrade",
    "remove_person",
    "save_grade_criterion",
    "save_grade_level",
    "save_grade_scheme",
    "set_rental_let",
    "view_people",
]
