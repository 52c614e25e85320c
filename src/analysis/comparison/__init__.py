"""Whether a season differs from another by more than chance (notebook 03)."""
