-- Messages on their way to customers and staff: written with their cause, sent by a job. Address and text are sealed.
CREATE TABLE outbox (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  channel        code      NOT NULL,                     -- sms, mail
  template       code      NOT NULL,
  object         code      NOT NULL,
  object_id      ref       NOT NULL,
  key            key_id    NOT NULL,                     -- the receiver's
  address        sealed,
  subject        code      NOT NULL DEFAULT '',
  body           sealed,
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, sent, failed
  attempts       count     NOT NULL DEFAULT 0,
  last_error     code      NOT NULL DEFAULT '',
  sent_at        time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX outbox_by_created ON outbox (tenant, created_at, id);
CREATE INDEX outbox_by_state ON outbox (tenant, state, created_at, id);

-- Imports: one uploaded spreadsheet on its way into a record. Rows are written in chunks; `done` is the resume point.
CREATE TABLE import_job (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  record         code      NOT NULL,
  file_id        ref       NOT NULL,
  file_name      code      NOT NULL,
  state          code      NOT NULL DEFAULT 'new',       -- new, checking, checked, running, done, failed, cancelled
  columns        json      NOT NULL DEFAULT '[]',        -- heads and samples found in the file
  mapping        json      NOT NULL DEFAULT '{}',        -- {"手机": "phone"}
  rows           count     NOT NULL DEFAULT 0,
  done           count     NOT NULL DEFAULT 0,
  created        count     NOT NULL DEFAULT 0,
  changed        count     NOT NULL DEFAULT 0,
  bad            count     NOT NULL DEFAULT 0,
  last_error     text      NOT NULL DEFAULT '',
  user_id        id        NOT NULL,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX import_job_by_created ON import_job (tenant, created_at, id);

-- Faults found in an import, one a cell. Values are shown shortened and masked.
CREATE TABLE import_error (
  tenant         tenant_id NOT NULL,
  import_id      id        NOT NULL,
  row_no         count     NOT NULL,
  column_no      count     NOT NULL,
  head           code      NOT NULL,
  value          code      NOT NULL,
  code           code      NOT NULL,
  message        text      NOT NULL,
  PRIMARY KEY (tenant, import_id, row_no, column_no),
  FOREIGN KEY (tenant, import_id) REFERENCES import_job (tenant, id)
);
