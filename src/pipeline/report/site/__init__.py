"""The report as a static site: pages and their PDF, without a script or a request off the page."""

from pipeline.report.site.write import write_site

__all__ = ["write_site"]
