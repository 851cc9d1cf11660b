"""The log of who looked, as the auditor reads it: in words, what stands out, as a workbook."""
