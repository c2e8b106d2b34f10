"""Section 75 and 256 agreements of the NHS Act 2006, memoranda, contributions and funds."""
