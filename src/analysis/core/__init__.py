"""What every notebook imports: words, seasons, selections, and a query asked of the database."""
