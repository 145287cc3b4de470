"""How the portal holds on the evening of a deadline. See README.md."""
