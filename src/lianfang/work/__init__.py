"""The duties: what each makes of the ledger. Siblings never import each other; they fold and append each other's kinds."""
