"""What follows from the contract alone: wire format, read masks, validation, JSON. Imports no other room."""
