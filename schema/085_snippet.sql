-- Words that a company keeps once and places in many articles by name: "{{snippet.服务电话}}" (docs/adr/0047).
CREATE TABLE snippet (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,                     -- as articles name it; never changed
  text_zh        text      NOT NULL,                     -- Markdown
  text_en        text      NOT NULL DEFAULT '',          -- empty: the Chinese words in English texts too
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, name)
);
CREATE INDEX snippet_by_created ON snippet (tenant, created_at, id);
CREATE INDEX snippet_by_name ON snippet (tenant, name, id);

-- Whoever writes articles keeps them.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"snippet.archive","snippet.change","snippet.create","snippet.read"]')
 WHERE permissions LIKE '%"article.change"%' AND permissions NOT LIKE '%"snippet.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "snippet.archive", "snippet.change", "snippet.create", "snippet.read"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"article.change"%' AND CAST(permissions AS text) NOT LIKE '%"snippet.read"%';
-- end
