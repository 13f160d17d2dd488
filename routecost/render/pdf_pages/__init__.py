"""PDF pages of reports; importing this package requires reportlab and pypdf."""
