"""Whether a point lies in the Netherlands, and what went wrong when it does not: swapped, degrees, or in the sea.

The outline is coarse: whole kilometres of the Dutch grid, some four kilometres outside the borders and the coast, so
that no neighbourhood falls outside; it includes the IJsselmeer.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from schakel.records import Bools, Floats

#: Corners (x, y) in kilometres, EPSG:28992.
OUTLINE_KM = (
    (10, 370), (11, 380), (23, 385), (16, 393), (16, 399), (32, 406), (35, 419), (58, 433), (53, 441), (55, 447),
    (66, 450), (87, 478), (97, 504), (106, 547), (102, 555), (107, 566), (117, 585), (135, 595), (140, 604),
    (173, 613), (194, 613), (196, 606), (200, 606), (203, 616), (229, 623), (239, 621), (238, 613), (252, 613),
    (258, 609), (259, 599), (271, 596), (272, 590), (279, 588), (282, 559), (273, 536), (272, 517), (267, 513),
    (250, 515), (253, 509), (248, 505), (259, 500), (267, 501), (274, 489), (273, 472), (253, 456), (258, 443),
    (249, 432), (244, 433), (226, 423), (214, 428), (200, 424), (216, 394), (217, 376), (208, 361), (214, 357),
    (213, 350), (199, 337), (209, 326), (202, 304), (173, 305), (169, 320), (181, 348), (165, 356), (162, 363),
    (142, 360), (134, 367), (129, 379), (122, 375), (108, 380), (94, 378), (91, 383), (90, 372), (78, 373),
    (67, 361), (51, 354), (43, 355), (39, 362), (31, 365), (26, 360), (16, 360),
)  # fmt: skip


@cache
def _outline() -> shapely.Polygon:
    shape = shapely.Polygon(np.array(OUTLINE_KM, dtype=float) * 1000)
    shapely.prepare(shape)
    return shape


def inside(points: Floats) -> Bools:
    """Which points (n, 2), in metres of the Dutch grid, lie in the Netherlands; NaN does not."""
    return np.asarray(shapely.contains_xy(_outline(), points[:, 0], points[:, 1]), dtype=bool)


def wrong(x: float, y: float) -> str:
    """What is wrong with a point: '' (nothing), 'swapped', 'degrees' or 'outside'."""
    if inside(np.array([[x, y]]))[0]:
        return ""
    if inside(np.array([[y, x]]))[0]:
        return "swapped"
    if min(abs(x), abs(y)) < 10 and 49 < max(abs(x), abs(y)) < 55:
        return "degrees"
    return "outside"
