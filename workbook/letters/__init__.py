"""Letters to customers who pay late: reminder, lawyer's letter, notice before litigation; a Word file each, from editable templates."""
