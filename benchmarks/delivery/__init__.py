"""What an answer costs and how long it takes, over real HTTP against real server processes."""
