"""What assistants are answered."""
