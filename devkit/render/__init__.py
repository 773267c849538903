"""Templates to text in memory or a staging folder, under the trust rules."""
