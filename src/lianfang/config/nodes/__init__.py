"""Past one machine: a node's window, from which figures go up, and the subscriptions of the node above. See docs/guides/province.md."""
