"""The parts of the city: each fills its tables and returns the columns that others build on."""
