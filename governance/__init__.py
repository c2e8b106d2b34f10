"""Boards and who reports to whom, meetings, papers, decisions and ratification."""
