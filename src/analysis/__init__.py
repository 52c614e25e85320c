"""The safety barometer: incident exports in, views, charts and reports out."""

import sys

# jsonschema, which Altair and nbformat import, would else build the grammar of every address that
# there can be: seconds at each start, for a check that nothing here asks for.
sys.modules.setdefault("rfc3987_syntax", None)
