"""Reads shaped for a page. Each starts from what the person may see."""
