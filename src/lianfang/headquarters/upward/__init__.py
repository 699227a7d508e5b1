"""What goes up (上报): figures by community and above, organisations and rounds, from a node to the one above it; never a person's data.

The tables stand twice. In the node's window, a database of its own beside the real one, they are what PostgreSQL publishes; at the node above they are
filled by its subscriptions and read by place page and bulletins. See docs/decisions and docs/guides/province.md.
"""
