"""What the commands do with closed workbooks: open, work, save as one, and say in a line what was done."""
