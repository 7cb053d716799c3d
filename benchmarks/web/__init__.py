"""The application at ten thousand and at a million signals: pages under load, plans of queries, background work."""
