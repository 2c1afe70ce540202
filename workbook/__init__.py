"""What buttons produce: the tables, the reports and the builder of the workbook."""
