"""What casework keeps and for how long: each kind of record said at the door `stations.retention.keepers`.

The records of destruction themselves, and every move of a list, are the ground floor's.
"""

from . import applications, complaints, letters_in, papers, register  # noqa: F401
