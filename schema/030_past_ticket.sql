-- Tickets that came from another system: the number they had there, found by search and by the list. The state in which an import
-- is keeps from which system it brings, and what the words of that system mean here.
ALTER TABLE ticket ADD COLUMN old_source code NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN old_no code NOT NULL DEFAULT '';
CREATE INDEX ticket_by_old_no ON ticket (tenant, old_no, id);
ALTER TABLE import_job ADD COLUMN source code NOT NULL DEFAULT '';
ALTER TABLE import_job ADD COLUMN words json NOT NULL DEFAULT '{}';
