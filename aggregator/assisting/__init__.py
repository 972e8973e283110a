"""What assistants ask a showcase over the Model Context Protocol, and what they are answered."""
