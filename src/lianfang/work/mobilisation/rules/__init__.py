"""Pure rules of mobilisation."""
