"""The season's people and words: data and small generators, without a database."""
