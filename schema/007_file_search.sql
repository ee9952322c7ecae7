-- Files on their way in: parts arrive in order, `done` is the place from which the sender goes on.
CREATE TABLE upload (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,                     -- becomes the id of the file
  key            key_id    NOT NULL,
  name           sealed    NOT NULL,
  size           count     NOT NULL,
  done           count     NOT NULL DEFAULT 0,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  created_at     time_ms   NOT NULL,
  expires_at     time_ms   NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX upload_by_expiry ON upload (tenant, expires_at, id);
CREATE INDEX upload_by_actor ON upload (tenant, actor_kind, actor_id, id);

-- Files: each sealed with a key of its own, which belongs to the person the file is about.
CREATE TABLE file (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  key            key_id    NOT NULL,
  name           sealed    NOT NULL,
  blob           code      NOT NULL,                     -- SHA-256 of the sealed content, where the store keeps it
  size           count     NOT NULL,                     -- of the content in clear
  type           code      NOT NULL,                     -- as sniffed, never as claimed
  width          count     NOT NULL DEFAULT 0,           -- of pictures
  height         count     NOT NULL DEFAULT 0,
  thumbnail      code      NOT NULL DEFAULT '',          -- blob of a small JPEG, '' for none
  thumbnail_size count     NOT NULL DEFAULT 0,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  created_at     time_ms   NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX file_by_created ON file (tenant, created_at, id);
-- all tenants: the orphan job asks whether anybody still needs a stored blob
CREATE INDEX file_by_blob ON file (blob);
-- all tenants: the orphan job asks whether anybody still needs a stored blob
CREATE INDEX file_by_thumbnail ON file (thumbnail);

-- What holds a file: a file without a row here is removed by a job a day after it came.
CREATE TABLE file_use (
  tenant         tenant_id NOT NULL,
  file_id        id        NOT NULL,
  object         code      NOT NULL,                     -- ticket, import_job
  object_id      id        NOT NULL,
  PRIMARY KEY (tenant, file_id, object, object_id),
  FOREIGN KEY (tenant, file_id) REFERENCES file (tenant, id)
);
CREATE INDEX file_use_by_object ON file_use (tenant, object, object_id, file_id);

-- The live map of the search index: `doc` is the one valid document of an object; any other document is stale.
CREATE TABLE search_doc (
  tenant         tenant_id NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  lane           i64       NOT NULL,
  doc            id        NOT NULL,
  at             time_ms   NOT NULL,                     -- when the object last changed: fresh hits come first
  sum            i64       NOT NULL,                     -- of its words: an event that changes none makes no new document
  head           bytes     NOT NULL,                     -- short hashes of the words of its title, for ranking
  words          count     NOT NULL,                     -- how long the document is
  PRIMARY KEY (tenant, object, object_id)
);
CREATE UNIQUE INDEX search_doc_by_doc ON search_doc (tenant, doc);
-- all tenants: a rebuild walks the documents of a lane
CREATE UNIQUE INDEX search_doc_by_lane ON search_doc (lane, doc);

-- Where the search index of each lane stands: which of its two tables answers, and whether the other is being built anew.
-- all tenants: one index serves a lane, its words carry the company
CREATE TABLE search_lane (
  lane           i64       NOT NULL,
  last_doc       ref       NOT NULL DEFAULT 0,
  active         i64       NOT NULL DEFAULT 0,           -- 0 or 1: search_text_0, search_text_1
  building       flag      NOT NULL DEFAULT 0,
  built_to       ref       NOT NULL DEFAULT 0,           -- the rebuild's resume point: a doc
  build_end      ref       NOT NULL DEFAULT 0,           -- the last doc there was when the rebuild began
  live           count     NOT NULL DEFAULT 0,           -- documents that can be found
  stale          count     NOT NULL DEFAULT 0,           -- documents replaced or dropped since the last rebuild
  erased_at      time_ms   NOT NULL DEFAULT 0,           -- first erasure since the last rebuild, 0: none
  PRIMARY KEY (lane)
);

-- Words and document numbers only; never deleted singly, read through search_doc, built anew by a job.
-- only sqlite
CREATE VIRTUAL TABLE search_text_0 USING fts5(words, content='', detail=none, tokenize='ascii tokenchars ''_~''');
CREATE VIRTUAL TABLE search_text_1 USING fts5(words, content='', detail=none, tokenize='ascii tokenchars ''_~''');
-- end
-- only postgresql
CREATE TABLE search_text_0 (lane bigint NOT NULL, doc bigint NOT NULL, words tsvector NOT NULL);
CREATE TABLE search_text_1 (lane bigint NOT NULL, doc bigint NOT NULL, words tsvector NOT NULL);
CREATE INDEX search_text_0_by_words ON search_text_0 USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_text_1_by_words ON search_text_1 USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_text_0_by_doc ON search_text_0 (doc);
CREATE INDEX search_text_1_by_doc ON search_text_1 (doc);
-- end
