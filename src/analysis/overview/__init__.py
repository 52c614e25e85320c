"""The front page of a place and a season (notebook 10): the answer, and where it is proved."""
