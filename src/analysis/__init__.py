"""The safety barometer: incident exports in, views, charts and reports out."""
