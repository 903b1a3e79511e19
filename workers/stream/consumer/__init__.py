"""Fetches and commits where Faust and aiokafka fall short: hostile records, holes, offsets that go back.

`transport` plugs into Faust, `fetching` into aiokafka; the rest knows neither.
"""
