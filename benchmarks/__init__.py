"""Speed and memory, each room in a module of its own."""
