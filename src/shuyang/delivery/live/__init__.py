"""What happens around a sitting: pauses, extensions, calls for help, and the room as its supervisors see it."""
