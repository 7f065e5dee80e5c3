"""Packs: load, check and upgrade content packs by calling the loader of each room."""
