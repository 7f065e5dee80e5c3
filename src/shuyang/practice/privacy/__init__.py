"""How well published records hide whom they are about, and how much they still tell. Plain numpy, no Django."""
