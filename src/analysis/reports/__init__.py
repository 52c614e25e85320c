"""Reports: every notebook for every parameters file, as executed notebook and as HTML."""

from analysis.reports.batch import list_again, run
from analysis.reports.parameters import ParameterError

__all__ = ["ParameterError", "list_again", "run"]
