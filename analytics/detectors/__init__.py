"""Detectors of early warnings: one pure function each over plain rows, so that they can be measured on any series."""

from .bursts import Burst, BurstSettings, Counts, find_bursts
from .closures import DoubtedPair, find_doubtful_pairs
from .clusters import Cluster, Text, find_clusters
from .places import CaseAtPlace, Repeat, find_repeats
from .risks import Risk, RiskHit, gather_risks

__all__ = [
    "Burst",
    "BurstSettings",
    "CaseAtPlace",
    "Cluster",
    "Counts",
    "DoubtedPair",
    "Repeat",
    "Risk",
    "RiskHit",
    "Text",
    "find_bursts",
    "find_clusters",
    "find_doubtful_pairs",
    "find_repeats",
    "gather_risks",
]
