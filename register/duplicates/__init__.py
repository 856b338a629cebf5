"""Several demands of one person: found, reviewed by somebody, merged, and parted again if wrong.

One demand per applicant and department (CCH R441-2-3): finding the others is a duty of whoever
holds the register. `identity` says what is compared, `comparison` how, `model` what each agreement
weighs, `linkage` looks over a whole territory. Nobody but agents with rights over both files learns
that there are two.
"""
