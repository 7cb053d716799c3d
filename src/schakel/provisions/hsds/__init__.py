"""Open Referral HSDS 3.0 in and out, with capacity as in 3.1: the open format of the social map."""

from schakel.provisions.hsds.difference import Change, applied, difference
from schakel.provisions.hsds.reading import HsdsFile, read_hsds
from schakel.provisions.hsds.shape import misshapen
from schakel.provisions.hsds.writing import write_hsds

__all__ = ["Change", "HsdsFile", "applied", "difference", "misshapen", "read_hsds", "write_hsds"]
