"""Web: pages and their templates. HTTP in, doors, HTML out."""
