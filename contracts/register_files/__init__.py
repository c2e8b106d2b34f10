"""Files of registers: reading what people send, and writing what they take away."""
