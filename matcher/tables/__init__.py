"""Tables in and out: CSV and XLSX to a problem with every fault in it, plans and reports to files."""
