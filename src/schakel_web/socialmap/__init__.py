"""The social map: what there is, where, for whom, and whether it is still true (S004, S023, S083, S110–S119)."""
