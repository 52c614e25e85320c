"""`python -m analysis`, the same as `barometer`."""

import sys

from analysis.cli import main

sys.exit(main())
