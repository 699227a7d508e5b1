"""What runs the product on one machine: home, database server, roles, processes, soundness."""
