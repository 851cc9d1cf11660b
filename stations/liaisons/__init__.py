"""Liaisons 联络员: their days in post, leads they pass on, their work and its hand-over."""
