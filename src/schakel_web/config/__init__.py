"""How the application is put together: settings, addresses, start and refusal to start."""
