-- What an import wrote, row by row, so that it can be taken back: kept as long as its spreadsheet.
CREATE TABLE import_mark (
  tenant         tenant_id NOT NULL,
  import_id      id        NOT NULL,
  place          id        NOT NULL,                     -- grows: what came later may refer to what came before
  row_no         count     NOT NULL,                     -- in the sheet
  record         code      NOT NULL,
  object_id      id        NOT NULL,
  was_version    count     NOT NULL,                     -- before it was changed; 0: it was made
  version        count     NOT NULL,                     -- since; a row that has another one was changed by somebody else
  key            ref       NOT NULL DEFAULT 0,           -- of the person whom the old values are about
  sealed         sealed,                                 -- old values of what was changed, by column
  plain          text      NOT NULL DEFAULT '',          -- the same of records that are about nobody
  state          code      NOT NULL DEFAULT '',          -- undone; or why it stays: changed, used, refused, erased
  by_record      code      NOT NULL DEFAULT '',          -- what uses it
  by_id          ref       NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, import_id, place)
);
CREATE INDEX import_mark_by_object ON import_mark (tenant, import_id, object_id, place);
CREATE INDEX import_mark_by_row ON import_mark (tenant, import_id, row_no, place);

ALTER TABLE import_job ADD COLUMN marks count NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN undo_done count NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN undo_stays count NOT NULL DEFAULT 0;
ALTER TABLE import_job ADD COLUMN undone_at time_ms NOT NULL DEFAULT 0;

-- Who refers to a row is asked of each row that an import made.
CREATE INDEX customer_by_merged_into ON customer (tenant, merged_into, id);
CREATE INDEX compensation_by_device ON compensation (tenant, device_id, id);

-- Legal holds: while one is in force, nothing of what it is about is erased or emptied.
CREATE TABLE legal_hold (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  object         code      NOT NULL,                     -- customer, ticket
  object_id      id        NOT NULL,
  customer_id    id        NOT NULL,                     -- whom it is about: she herself, or the ticket's
  ticket_id      ref       NOT NULL DEFAULT 0,
  reason         text      NOT NULL,
  ends_at        time_ms   NOT NULL,                     -- far future: until somebody releases it
  user_id        id        NOT NULL,                     -- who placed it
  released_at    time_ms   NOT NULL DEFAULT 0,
  released_by    ref       NOT NULL DEFAULT 0,
  released_why   text      NOT NULL DEFAULT '',
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX legal_hold_by_object ON legal_hold (tenant, object_id, id);
CREATE INDEX legal_hold_by_customer ON legal_hold (tenant, customer_id, id);
CREATE INDEX legal_hold_by_ticket ON legal_hold (tenant, ticket_id, id);
CREATE INDEX legal_hold_by_created ON legal_hold (tenant, created_at, id);
CREATE INDEX legal_hold_by_ends ON legal_hold (tenant, ends_at, id);
