"""What everybody may see (notebook 11)."""
