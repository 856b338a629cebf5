"""The applicant's space: where the demand stands, what happened, what to do, who read it."""
