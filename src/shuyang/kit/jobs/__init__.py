"""Background jobs: what the task queue lacks: progress, cancelling, retries, schedules."""
