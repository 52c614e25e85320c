"""How the staff are met, and whether help comes (notebook 08)."""
