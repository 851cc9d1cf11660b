"""Paper: PDFs with their fonts and QR codes, and how owed files are made."""
