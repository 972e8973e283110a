"""The REST half of the sandbox: paths, bodies and pages of lists."""
