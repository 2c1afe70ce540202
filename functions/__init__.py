"""What cells compute: pure, vectorised credit functions; no spreadsheet, no file, no clock."""
