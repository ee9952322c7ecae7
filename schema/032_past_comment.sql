-- What people wrote in another system, on the tickets that came from there: from which, by which number, and who, where nobody here is.
ALTER TABLE ticket_comment ADD COLUMN old_source code NOT NULL DEFAULT '';
ALTER TABLE ticket_comment ADD COLUMN old_no code NOT NULL DEFAULT '';
ALTER TABLE ticket_comment ADD COLUMN author sealed;
ALTER TABLE ticket_comment ADD COLUMN is_past flag NOT NULL DEFAULT 0;
CREATE INDEX ticket_comment_by_old ON ticket_comment (tenant, old_no, id) WHERE old_no <> '';
