"""What visitors see: projects, assembled from the registry and the facts. Pure."""
