"""What is printed when an incident is stood down: letters of service to home organisations, and the closing report."""

from lianfang.headquarters.playbooks.documents.letters import letter
from lianfang.headquarters.playbooks.documents.report import report, report_sheet

__all__ = ["letter", "report", "report_sheet"]
