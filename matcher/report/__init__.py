"""A proposal on paper: one self-contained page for who decides, and a workbook with the lists to print."""

from matcher.report.page import write_html
from matcher.report.workbook import write_xlsx

__all__ = ["write_html", "write_xlsx"]
