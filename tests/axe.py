"""The accessibility rules that a page in Chromium breaks, as axe-core finds them."""

import json
from pathlib import Path

import axe_playwright_python

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page, only=()):
    """What axe-core finds, of any impact: the rules broken and where; of `only` some, if any."""
    # Through the debugger, since the page's own policy lets no other script in.
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": _AXE})
    # Off unless asked for, though WCAG 2.2 AA has it.
    rules = {"runOnly": list(only)} if only else {"rules": {"target-size": {"enabled": True}}}
    found = page.evaluate(f"axe.run({json.dumps(rules)}).then((result) => result.violations)")
    return [(each["id"], node["html"][:120]) for each in found for node in each["nodes"]]
