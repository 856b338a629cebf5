"""Several demands of one person: how they are found.

One demand per applicant and department (CCH R441-2-3): finding the others is a duty of whoever
holds the register. `identity` says what is compared, `comparison` how, `model` what each agreement
weighs, `linkage` looks over a whole territory. What is found is told to no applicant.
"""
