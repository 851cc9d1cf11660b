"""What waits for a person today, as plain frozen records the desk's templates print.

Each desk asks few questions of the database, the same number for one entry and for a million:
days and entries are read over the index of a station's days.
"""

from .city import city_desk
from .county import county_desk
from .office import office_desk
from .station import station_desk

__all__ = ["city_desk", "county_desk", "office_desk", "station_desk"]
