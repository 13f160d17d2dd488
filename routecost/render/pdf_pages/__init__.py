"""Reports on paper: what ``render.pdf`` does once reportlab and pypdf are known to be there."""
