"""The workbook: the published figures as accessible spreadsheets, for Excel and OpenDocument.

Source: Government Analysis Function, releasing statistics in spreadsheets: a cover, a contents
sheet, notes, one marked table a sheet without merged or blank cells, and shorthand in square
brackets in place of a number.

The workbooks of feedback (``pipeline.accessible``) are a piece apart: they hold two or three sheets
of up to 80,000 rows, few words that repeat, and no cover or notes.
"""

from pathlib import Path

from pipeline.report.source import Published


def write_workbook(published: Published, folder: Path) -> list[Path]:
    """Write ``equality.xlsx`` and ``equality.ods``, the same cells in both, and return their paths.

    The bytes follow from the release alone.

    Args:
        published: the release.
        folder: where to; it must exist.

    Raises:
        ValueError: the release has no figure.
        OSError: a file cannot be written.
    """
    # gptables and odfdo take a second to import: who writes no workbook does without.
    from pipeline.report.spreadsheets.book import whole_book
    from pipeline.report.spreadsheets.excel import excel
    from pipeline.report.spreadsheets.opendocument import opendocument

    book = whole_book(published)
    paths = [folder / "equality.xlsx", folder / "equality.ods"]
    for path, write in zip(paths, (excel, opendocument), strict=True):
        path.write_bytes(write(book))
    return paths
