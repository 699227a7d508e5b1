"""Rules of incidents, pure: what measures mean, which is the strictest, and the rule sets as files."""
