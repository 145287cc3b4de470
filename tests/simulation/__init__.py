"""A matching lived through day after day: people answer, change their minds and leave; workers are killed."""
