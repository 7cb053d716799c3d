"""Where and with whom: areas, figures, organisations, teams, memberships; and so, who may see what where."""
