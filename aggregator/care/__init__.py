"""What helps whoever looks after a showcase: websites that moved, and mends ready to take."""
