"""What people read, made from the published figures of a release: pages, spreadsheets, copies."""
