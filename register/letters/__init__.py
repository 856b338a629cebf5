"""Letters of the register: accessible PDF files, typeset from templates and plain data."""
