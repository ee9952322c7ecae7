-- Saved views of lists: a person's own, a team's or the company's. Their conditions are in the language of conditions now; those that
-- came with a company are said in it, others keep what they were, which the language refuses and its owner is asked to say anew.
CREATE TABLE list_view (
  tenant             tenant_id NOT NULL,
  id                 id        NOT NULL,
  record             code      NOT NULL,
  name               code      NOT NULL,
  name_en            code      NOT NULL DEFAULT '',          -- for readers of English; empty: as name
  audience           code      NOT NULL DEFAULT 'mine',      -- mine, team, company
  owner_id           ref       NOT NULL DEFAULT 0,
  team_id            ref       NOT NULL DEFAULT 0,
  condition          text      NOT NULL DEFAULT '',          -- canonical text; empty: every row
  condition_version  count     NOT NULL DEFAULT 1,           -- of the language (EXPR_VERSION)
  sort               code      NOT NULL DEFAULT '',
  columns            json      NOT NULL DEFAULT '[]',
  position           count     NOT NULL DEFAULT 0,
  alarm              flag      NOT NULL DEFAULT 0,           -- its count is drawn red
  archived_at        time_ms   NOT NULL DEFAULT 0,
  created_at         time_ms   NOT NULL,
  version            count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX list_view_by_record ON list_view (tenant, record, position, id);
CREATE INDEX list_view_by_created ON list_view (tenant, created_at, id);
INSERT INTO list_view (tenant, id, record, name, audience, owner_id, team_id, condition, sort, columns, position, alarm, archived_at, created_at, version)
SELECT tenant, id, record, name, audience, owner_id, team_id,
  CASE
    WHEN filter = '[]' THEN ''
    WHEN filter = '[["state","in",["new"]]]' THEN 'state = new'
    WHEN filter = '[["owner_id","=","me"],["state","in",["accepted","working","waiting_customer"]]]' THEN 'owner_id = me and state in (accepted, working, waiting_customer)'
    WHEN filter = '[["grade","in",["urgent","critical"]],["state","not_in",["closed","cancelled"]]]' THEN 'grade in (urgent, critical) and state not in (closed, cancelled)'
    WHEN filter = '[["state","in",["waiting_customer"]]]' THEN 'state = waiting_customer'
    WHEN filter = '[["state","in",["resolved"]]]' THEN 'state = resolved'
    WHEN filter = '[["remind_count",">=",2],["state","not_in",["closed","cancelled"]]]' THEN 'remind_count >= 2 and state not in (closed, cancelled)'
    ELSE CAST(filter AS text)
  END,
  sort, columns, position, alarm, archived_at, created_at, version FROM saved_view;
DROP TABLE saved_view;
