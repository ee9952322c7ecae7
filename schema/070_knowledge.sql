-- What a company wrote into its knowledge base, or says otherwise than its industry pack; what only the pack says is no row.
CREATE TABLE article (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,                     -- A01; of an entry of the pack: this row speaks in its place
  kind           code      NOT NULL DEFAULT 'faq',       -- faq, article, fault_code, fault_tree
  state          code      NOT NULL DEFAULT 'draft',     -- draft, review, published, retired
  product        code      NOT NULL DEFAULT '',          -- code of a product; empty: of all
  models         json      NOT NULL DEFAULT '[]',        -- codes of models; none: of all
  topic          code      NOT NULL DEFAULT '',          -- fault, usage, care …
  fault_code     code      NOT NULL DEFAULT '',          -- E1
  title_zh       text      NOT NULL DEFAULT '',
  title_en       text      NOT NULL DEFAULT '',
  cause_zh       text      NOT NULL DEFAULT '',          -- of a fault code
  cause_en       text      NOT NULL DEFAULT '',
  body_zh        text      NOT NULL DEFAULT '',          -- Markdown
  body_en        text      NOT NULL DEFAULT '',
  tree           json      NOT NULL DEFAULT '{}',        -- of a fault tree: {"start","nodes"}
  audience       code      NOT NULL DEFAULT 'public',    -- public, customer, staff
  danger         code      NOT NULL DEFAULT '',
  source         text      NOT NULL DEFAULT '',          -- standard or law that it rests on
  act            code      NOT NULL DEFAULT '',          -- what really answers it: report, book …
  see            json      NOT NULL DEFAULT '[]',        -- codes of articles that belong to it
  review_on      day       NOT NULL DEFAULT 0,           -- by then somebody looks at it again
  pack_sum       code      NOT NULL DEFAULT '',          -- of what the pack said when this was written in its place
  published_at   time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX article_by_created ON article (tenant, created_at, id);
CREATE INDEX article_by_updated ON article (tenant, updated_at, id);
CREATE INDEX article_by_state ON article (tenant, state, updated_at, id);
CREATE INDEX article_by_product ON article (tenant, product, updated_at, id);
CREATE INDEX article_by_review ON article (tenant, review_on, id);

-- How people ask for an article, beyond the pack's ways; or, switched off, one of the pack's that the company does not want.
CREATE TABLE phrasing (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  article        code      NOT NULL,                     -- its code: the article may be the pack's
  text           text      NOT NULL,
  source         code      NOT NULL DEFAULT 'editor',    -- editor, mined, pack (switched off)
  active         flag      NOT NULL DEFAULT 1,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX phrasing_by_created ON phrasing (tenant, created_at, id);
CREATE INDEX phrasing_by_article ON phrasing (tenant, article, created_at, id);

-- How often an article was used in answers, and what readers said of it. By code, for most articles are the pack's.
CREATE TABLE article_count (
  tenant         tenant_id NOT NULL,
  article        code      NOT NULL,
  used           count     NOT NULL DEFAULT 0,
  helpful        count     NOT NULL DEFAULT 0,
  unhelpful      count     NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, article)
);

-- Words that mean the same to customers: whoever searches by one finds what says another.
CREATE TABLE synonym (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  words          text      NOT NULL,                     -- 不制冷、不凉、没冷气
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX synonym_by_created ON synonym (tenant, created_at, id);

-- Whoever supervises tickets keeps the knowledge base; whoever reads tickets reads it.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"article.archive","article.change","article.create","article.export","article.import","article.publish","phrasing.archive","phrasing.change","phrasing.create","synonym.archive","synonym.change","synonym.create"]')
 WHERE permissions LIKE '%"ticket.supervise"%' AND permissions NOT LIKE '%"article.change"%';
UPDATE role SET permissions = replace(permissions, ']', ',"article.read","phrasing.read","synonym.read"]')
 WHERE permissions LIKE '%"ticket.read"%' AND permissions NOT LIKE '%"article.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "article.archive", "article.change", "article.create", "article.export", "article.import", "article.publish", "phrasing.archive", "phrasing.change", "phrasing.create", "synonym.archive", "synonym.change", "synonym.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.supervise"%' AND CAST(permissions AS text) NOT LIKE '%"article.change"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "article.read", "phrasing.read", "synonym.read"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.read"%' AND CAST(permissions AS text) NOT LIKE '%"article.read"%';
-- end
