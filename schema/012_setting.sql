-- A setting that a company has chosen tells who chose it and when, and has a version like a record. Its row stays when the choice is
-- taken back, with an empty value, so that version and history go on.
-- What history and events call it.
ALTER TABLE setting ADD COLUMN id ref NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN changed_kind i64 NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN changed_by ref NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN changed_at time_ms NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN version count NOT NULL DEFAULT 1;

-- How many codes a number got within an hour of the first. A code that was used stays as a void row for that hour, so that signing in
-- does not begin a new one.
ALTER TABLE one_time_code ADD COLUMN hour_at time_ms NOT NULL DEFAULT 0;
ALTER TABLE one_time_code ADD COLUMN hour_sent count NOT NULL DEFAULT 0;
CREATE INDEX one_time_code_by_age ON one_time_code (tenant, sent_at);
