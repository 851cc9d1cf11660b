"""Results as pages, papers and workbooks show them: one sheet, a county, years side by side."""
