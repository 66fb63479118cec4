"""Who is who: the one form in which names, phone numbers, addresses and codes are compared, however they are typed.

What people typed is what is shown and sent to; these forms are only for recognising it again. Web sign-up, desk,
import, earlier series, replies and outbox all compare by them.
"""
