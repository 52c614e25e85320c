"""What shows: tables, charts, sheets, and figures in Danish words."""
