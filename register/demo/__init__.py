"""A synthetic register that looks like life: nobody in it exists."""
