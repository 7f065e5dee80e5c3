"""Settings, URLs and WSGI: the only place that knows all rooms."""
