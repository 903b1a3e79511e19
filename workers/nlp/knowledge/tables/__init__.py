"""Lexicons as data files; NOTICE.md beside this file tells their sources and licences."""
