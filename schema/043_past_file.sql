-- Files of another system: what an import finds them in (a zip, or a folder that the operator named), and where each lay there.
ALTER TABLE import_job ADD COLUMN bundle_id ref NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN folder text NOT NULL DEFAULT '';
ALTER TABLE ticket_file ADD COLUMN old_path sealed;
