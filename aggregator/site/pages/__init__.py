"""The pages: what each says, as a class for its template beside the function that fills it."""
