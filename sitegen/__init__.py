"""sitegen: a static website generator for reading lists of papers."""

__version__ = "0.1.0"
