"""What changed between two databases: every figure of the published views, split by cause."""
