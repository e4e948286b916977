def write_filings(): pass
