-- Which text somebody agreed to.
ALTER TABLE consent ADD COLUMN text_version code NOT NULL DEFAULT '';
