"""Rules as blocks: what an editor sees in the editing space, and the way to and from their JSON.

Nothing here is typed as code: an editor chooses facts, comparisons and values among what the
vocabulary offers, and the blocks become the same JSON as the files on disk, which the same parser
reads.
"""
