"""What looks across all duties, and what commands across them."""
