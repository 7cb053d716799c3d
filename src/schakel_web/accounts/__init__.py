"""Who somebody is: users, how they log in, and which roles and permissions there are."""
