"""Kit: Django glue used by every room. It knows no noun of the product."""
