"""The door of `frameworks`."""

from shuyang.frameworks.contracts import (
    LEVELS,
    Citation,
    CitationStatus,
    Crosswalk,
    CrosswalkPart,
    Dimension,
    Facet,
    Force,
    Framework,
    FrameworkView,
    Level,
    LevelDescriptor,
    Named,
    Requirement,
    TargetProfile,
    Words,
)
from shuyang.frameworks.queries import citations, current, facet, framework, profile, stale_citations, target
from shuyang.frameworks.rules import citation_problem, citations_hash, problems_of
from shuyang.frameworks.services import load_framework

__all__ = [
    "LEVELS",
    "Citation",
    "CitationStatus",
    "Crosswalk",
    "CrosswalkPart",
    "Dimension",
    "Facet",
    "Force",
    "Framework",
    "FrameworkView",
    "Level",
    "LevelDescriptor",
    "Named",
    "Requirement",
    "TargetProfile",
    "Words",
    "citation_problem",
    "citations",
    "citations_hash",
    "current",
    "facet",
    "framework",
    "load_framework",
    "problems_of",
    "profile",
    "stale_citations",
    "target",
]
