"""The mutants that no test can or should kill, with the reason: survivors.txt.

An entry is four lines and an empty one:

    server/admission/codel.h
    - if (now >= interval_end_) {
    + if (now > interval_end_) {
    = the reason

The lines are those that the mutation changes, white space collapsed; an entry holds for every place of
the file that has them. Lines that begin with # are comments.
"""


def read(path):
    """{(file, before, after): reason}"""
    entries = {}
    if not path.exists():
        return entries
    lines = [line.rstrip("\n") for line in path.read_text().splitlines() if not line.startswith("#")]
    for block in "\n".join(lines).split("\n\n"):
        rows = block.strip("\n").split("\n")
        if rows == [""]:
            continue
        if len(rows) != 4 or [row[:2] for row in rows[1:]] != ["- ", "+ ", "= "]:
            raise ValueError(f"{path}: an entry is a file and lines with '- ', '+ ' and '= ', not:\n{block}")
        entries[rows[0], rows[1][2:], rows[2][2:]] = rows[3][2:]
    return entries
