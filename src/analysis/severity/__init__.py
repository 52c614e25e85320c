"""How severe the incidents are, and which places stand out (notebook 04)."""
