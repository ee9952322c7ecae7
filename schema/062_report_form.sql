-- What a company lays over the report form of a pack: its scenes with their questions, its symptoms.
CREATE TABLE report_form (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  pack           code      NOT NULL,                     -- over whose form it lies
  state          code      NOT NULL DEFAULT 'draft',     -- draft, on, off
  scenes         json      NOT NULL DEFAULT '[]',        -- [{"name":"repair","label":{"zh":"报修"},"times":"required","fields":[{"name":"address","required":true}]}]
  symptoms       json      NOT NULL DEFAULT '{}',        -- {"fridge":[{"code":"frost","off":true},{"code":"o_ice","label":{"zh":"不出冰"},"grade":"normal"}]}
  known          json      NOT NULL DEFAULT '{}',        -- own questions, choices and symptoms that were ever in force: tickets hold answers to them
  on_since       time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX report_form_by_created ON report_form (tenant, created_at, id);
