"""Weeks with more incidents than weeks like them (notebook 06)."""
