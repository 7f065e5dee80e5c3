"""Speed and memory of the measurement library, beside its peers where they are installed."""
