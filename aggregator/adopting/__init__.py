"""What a community that adopts the program is given: its folder, a first list, upgrades."""
