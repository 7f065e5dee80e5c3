"""How often a briefing names a finding, on organisations whose truth is known."""
