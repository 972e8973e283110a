-- GitHub's own rendering of a README, for the formats that are not rendered here.
ALTER TABLE readmes ADD COLUMN html TEXT;
