"""Other showcases whose projects are shown here too."""
