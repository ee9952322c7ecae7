-- Words that a company puts on tickets and customers (docs/adr/0035-tags.md). A row names the tags it has by id, so a tag is renamed in one
-- place; whoever asks for the rows of a tag finds them beside it.
CREATE TABLE tag (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  folded         code      NOT NULL,                     -- the name without case, width and blanks: what makes two names the same
  stands_for     id        NOT NULL,                     -- itself; the tag that it was merged into, or whose former name it is
  typed          flag      NOT NULL DEFAULT 0,           -- made by typing it on a row, not on the page of tags
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX tag_by_folded ON tag (tenant, folded);
CREATE INDEX tag_by_stand ON tag (tenant, stands_for, id);
CREATE INDEX tag_by_name ON tag (tenant, name, id);
CREATE INDEX tag_by_created ON tag (tenant, created_at, id);

-- Which rows have a tag.
CREATE TABLE tag_use (
  tenant         tenant_id NOT NULL,
  object_id      id        NOT NULL,
  tag_id         id        NOT NULL,
  object         code      NOT NULL,                     -- ticket, customer
  PRIMARY KEY (tenant, object_id, tag_id)
);
CREATE INDEX tag_use_by_tag ON tag_use (tenant, tag_id, object, object_id);

ALTER TABLE ticket ADD COLUMN tags text NOT NULL DEFAULT '';          -- ids as they were put on: "12,15"
ALTER TABLE customer ADD COLUMN tags text NOT NULL DEFAULT '';

-- Whoever may change tickets may put tags on them, and make new ones by typing.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"tag.read","tag.create"]')
 WHERE permissions LIKE '%"ticket.change"%' AND permissions NOT LIKE '%"tag.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"tag.read"]')
 WHERE permissions LIKE '%"ticket.read"%' AND permissions NOT LIKE '%"tag.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "tag.read", "tag.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.change"%' AND CAST(permissions AS text) NOT LIKE '%"tag.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "tag.read"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.read"%' AND CAST(permissions AS text) NOT LIKE '%"tag.read"%';
-- end
