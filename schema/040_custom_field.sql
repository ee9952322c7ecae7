-- Fields that a company defines beside those that a record has. Their values stand in the row, in its column custom; what conditions
-- ask for stands in the two tables below as well, a row a value.
CREATE TABLE custom_field (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  object         code      NOT NULL,                     -- ticket, customer, device
  code           code      NOT NULL,                     -- floor: x_floor in rows, conditions and sheets
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  kind           code      NOT NULL,                     -- text, number, day, flag, choice
  choices        json      NOT NULL DEFAULT '[]',        -- [{"value":"left","zh":"左开门","en":"Left"}]
  hint           text      NOT NULL DEFAULT '',
  hint_en        text      NOT NULL DEFAULT '',
  required       flag      NOT NULL DEFAULT 0,
  readers        json      NOT NULL DEFAULT '[]',        -- ids of roles; []: whoever may read the record
  scenes         json      NOT NULL DEFAULT '[]',        -- reports that ask for it: ["installation"]
  place          count     NOT NULL DEFAULT 0,           -- lower comes first
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX custom_field_by_code ON custom_field (tenant, object, code);
CREATE INDEX custom_field_by_place ON custom_field (tenant, place, id);
CREATE INDEX custom_field_by_created ON custom_field (tenant, created_at, id);

-- Values of numbers, days and flags.
CREATE TABLE custom_number (
  tenant         tenant_id NOT NULL,
  object_id      id        NOT NULL,
  field_id       id        NOT NULL,
  value          i64       NOT NULL,
  PRIMARY KEY (tenant, object_id, field_id)
);
CREATE INDEX custom_number_by_value ON custom_number (tenant, field_id, value, object_id);

-- The same of texts and choices.
CREATE TABLE custom_word (
  tenant         tenant_id NOT NULL,
  object_id      id        NOT NULL,
  field_id       id        NOT NULL,
  value          text      NOT NULL,                     -- ASCII letters small
  PRIMARY KEY (tenant, object_id, field_id)
);
CREATE INDEX custom_word_by_value ON custom_word (tenant, field_id, value, object_id);

ALTER TABLE ticket ADD COLUMN custom json NOT NULL DEFAULT '{}';
ALTER TABLE customer ADD COLUMN custom json NOT NULL DEFAULT '{}';
ALTER TABLE device ADD COLUMN custom json NOT NULL DEFAULT '{}';
