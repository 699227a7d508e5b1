"""Pages for residents, opened by the code on the door and without an account.

They show who answers for the door, take a request for help, and, against the six digits on the card inside the door, say
what is recorded about the household and who looked. Light: no kit, no script. They know nothing of the desk but its tokens,
icons and template tags.
"""
