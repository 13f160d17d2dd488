"""Parts of the pricing of task plans: their text, and their claims."""
