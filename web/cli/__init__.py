"""The commands of the web application; each is loaded when it is asked for, and imports what it needs when it runs."""
