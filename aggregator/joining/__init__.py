"""The ways in: add, edit, check, forms, issues and previews of what members propose."""
