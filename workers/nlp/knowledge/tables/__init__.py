"""Word knowledge as data files; NOTICE.md beside this file gives sources and licences."""
