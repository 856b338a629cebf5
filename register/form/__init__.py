"""The form of the demand, defined once: the applicant answers it page by page, a counter whole."""
