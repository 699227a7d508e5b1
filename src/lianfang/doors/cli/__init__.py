"""The command line: everything that a script or an administrator needs. One module per subject, see `frame`."""
