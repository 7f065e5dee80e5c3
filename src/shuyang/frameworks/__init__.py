"""Frameworks: the lattice of facets, levels, target profiles, crosswalks and citations, as versioned data."""
