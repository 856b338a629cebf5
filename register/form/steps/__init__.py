"""One form per page of the demand: the question, why it is asked, and its fields."""
