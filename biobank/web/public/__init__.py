"""What everybody may send, without an account: forms, thanks, the register."""
