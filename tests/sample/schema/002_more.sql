-- A later step: a new column, and data moved by the owner, who is under row-level security as well.
ALTER TABLE user ADD COLUMN nickname code NOT NULL DEFAULT '';
UPDATE user SET nickname = name WHERE level = 7;

-- only sqlite
CREATE VIRTUAL TABLE word USING fts5(words, content='', detail=none);
-- end
-- only postgresql
CREATE TABLE word (rowid bigint, words tsvector);
-- end
