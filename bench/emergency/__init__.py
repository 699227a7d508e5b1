"""`./lianfang story emergency`: an invented tenth of Changchun from peacetime through activation and fifty-seven days to the certificate, in fast motion.

`town` lays the ground and draws up the plan, `walking` tells what phones record from day to day and counts beside the product, `story` plays it with
the clock held at each day, `command` gives it a home of its own and looks through every byte of that afterwards.
"""
