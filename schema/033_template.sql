-- Texts that the company writes once and sends often, with variables in them ("{{ticket.no}}"), in Chinese and, if it likes, in English.
CREATE TABLE message_template (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  purpose        code      NOT NULL DEFAULT 'other',     -- received, ask, progress, visit, done, sorry, other
  text_zh        text      NOT NULL,
  text_en        text      NOT NULL DEFAULT '',          -- empty: the Chinese text for everybody
  active         flag      NOT NULL DEFAULT 1,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX message_template_by_created ON message_template (tenant, created_at, id);
CREATE INDEX message_template_by_name ON message_template (tenant, name, id);
CREATE INDEX message_template_by_purpose ON message_template (tenant, purpose, created_at, id);
