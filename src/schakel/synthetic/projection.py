"""From the Dutch national grid (RD, metres) to WGS84 (degrees), for files that maps can read."""

from __future__ import annotations

import numpy as np

from schakel.records import Floats

#: Coefficients in seconds of arc of the powers (of x, of y) of the distance to Amersfoort in 100 km:
#: Schreutelkamp & Strang van Hees, Geodesia 2001-2, p. 64; accurate to about a quarter of a metre.
LATITUDE = (
    ((0, 1), 3235.65389), ((2, 0), -32.58297), ((0, 2), -0.24750), ((2, 1), -0.84978), ((0, 3), -0.06550),
    ((2, 2), -0.01709), ((1, 0), -0.00738), ((4, 0), 0.00530), ((2, 3), -0.00039), ((4, 1), 0.00033),
    ((1, 1), -0.00012),
)  # fmt: skip
LONGITUDE = (
    ((1, 0), 5260.52916), ((1, 1), 105.94684), ((1, 2), 2.45656), ((3, 0), -0.81885), ((1, 3), 0.05594),
    ((3, 1), -0.05607), ((0, 1), 0.01199), ((3, 2), -0.00256), ((1, 4), 0.00128), ((0, 2), 0.00022),
    ((2, 0), -0.00022), ((5, 0), 0.00026),
)  # fmt: skip
AMERSFOORT = (155_000.0, 463_000.0, 52.15517440, 5.38720621)  # x, y in metres; latitude, longitude in degrees


def degrees(metres: Floats) -> Floats:
    """Longitude and latitude of points on the national grid; both arrays have shape (n, 2)."""
    x, y = ((metres[:, axis] - AMERSFOORT[axis]) * 1e-5 for axis in (0, 1))
    latitude, longitude = (
        start + sum(factor * x**p * y**q for (p, q), factor in terms) / 3600.0
        for start, terms in ((AMERSFOORT[2], LATITUDE), (AMERSFOORT[3], LONGITUDE))
    )
    return np.stack([longitude, latitude], axis=1)
