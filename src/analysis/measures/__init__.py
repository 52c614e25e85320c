"""What was done, and whether incidents fell after it (notebook 05)."""
