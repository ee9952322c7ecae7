-- What a company lays over the built-in flow of a record: states of its own, moves of its own, and what it says of the others.
CREATE TABLE company_flow (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  object         code      NOT NULL,                     -- ticket, task, compensation
  state          code      NOT NULL DEFAULT 'draft',     -- draft, on, off
  states         json      NOT NULL DEFAULT '[]',        -- [{"code":"parts","zh":"待备件","en":"Waiting for parts","state":"working"}]
  moves          json      NOT NULL DEFAULT '[]',        -- [{"move":"wait","reason":"required"},{"move":"o_parts","own":true,"from":["working"],"to":"parts"}]
  on_since       time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX company_flow_by_created ON company_flow (tenant, created_at, id);
CREATE INDEX company_flow_by_object ON company_flow (tenant, object, created_at, id);

-- Which of the company's own states a row is in; its state is what that means.
ALTER TABLE ticket ADD COLUMN stage code NOT NULL DEFAULT '';
CREATE INDEX ticket_by_stage ON ticket (tenant, stage, created_at, id);
ALTER TABLE task ADD COLUMN stage code NOT NULL DEFAULT '';
CREATE INDEX task_by_stage ON task (tenant, stage, due_at, id);
