-- Quality inspection: rules as data, one result for each time that a conversation ended, and what was found in it.

-- What is looked for, and what it costs.
CREATE TABLE quality_rule (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  kind           code      NOT NULL,                     -- engine/quality
  state          code      NOT NULL DEFAULT 'draft',     -- draft, on, off
  place          count     NOT NULL DEFAULT 0,
  words          text      NOT NULL DEFAULT '',          -- phrases, one a line
  excepts        text      NOT NULL DEFAULT '',
  answers        text      NOT NULL DEFAULT '',
  messages       count     NOT NULL DEFAULT 1,
  minutes        count     NOT NULL DEFAULT 0,
  weight         count     NOT NULL DEFAULT 5,
  fatal          flag      NOT NULL DEFAULT 0,
  hint           flag      NOT NULL DEFAULT 0,           -- told to who has the conversation while it runs
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX quality_rule_by_created ON quality_rule (tenant, created_at, id);
CREATE INDEX quality_rule_by_place ON quality_rule (tenant, place, id);

-- One result for each time that a conversation ended. Its score is what rules and people say of it now.
CREATE TABLE quality (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  conversation_id id       NOT NULL,
  customer_id    id        NOT NULL,                     -- the conversation's
  key            key_id    NOT NULL,                     -- the customer's: what is said of the conversation tells of her
  round          count     NOT NULL DEFAULT 1,           -- how often it had ended by then
  state          code      NOT NULL DEFAULT 'inspected', -- inspected, drawn, reviewed, appealed, decided, replaced
  agent_id       ref       NOT NULL DEFAULT 0,           -- who had it at the end
  team_id        ref       NOT NULL DEFAULT 0,
  region_id      ref       NOT NULL DEFAULT 0,
  product_id     ref       NOT NULL DEFAULT 0,
  channel        code      NOT NULL,
  closed_at      time_ms   NOT NULL,
  rating         count     NOT NULL DEFAULT 0,
  first_score    count     NOT NULL DEFAULT 100,         -- by rules alone
  score          count     NOT NULL DEFAULT 100,         -- what counts
  compliant      flag      NOT NULL DEFAULT 1,
  fatal          flag      NOT NULL DEFAULT 0,
  findings       count     NOT NULL DEFAULT 0,           -- that count
  drawn_for      code      NOT NULL DEFAULT '',          -- fatal, rating, share, hand
  told_at        time_ms   NOT NULL,                     -- from then on she may appeal
  hands          text      NOT NULL DEFAULT '',          -- who reviewed it: " 12 34 "
  reviewed_by    ref       NOT NULL DEFAULT 0,
  reviewed_at    time_ms   NOT NULL DEFAULT 0,
  comment        sealed,
  appealed_at    time_ms   NOT NULL DEFAULT 0,
  appeal         sealed,
  outcome        code      NOT NULL DEFAULT '',          -- granted, refused
  decided_by     ref       NOT NULL DEFAULT 0,
  decided_at     time_ms   NOT NULL DEFAULT 0,
  decision       sealed,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);
CREATE INDEX quality_by_created ON quality (tenant, created_at, id);
CREATE INDEX quality_by_updated ON quality (tenant, updated_at, id);
CREATE INDEX quality_by_closed ON quality (tenant, closed_at, id);
CREATE INDEX quality_by_state ON quality (tenant, state, closed_at, id);
CREATE INDEX quality_by_agent ON quality (tenant, agent_id, closed_at, id);
CREATE INDEX quality_by_conversation ON quality (tenant, conversation_id, round, id);
CREATE INDEX quality_by_customer ON quality (tenant, customer_id, closed_at, id);

-- Where the words stand, never the words.
CREATE TABLE quality_finding (
  tenant         tenant_id NOT NULL,
  quality_id     id        NOT NULL,
  no             count     NOT NULL,                     -- 1, 2 …
  rule_id        ref       NOT NULL DEFAULT 0,
  kind           code      NOT NULL,
  message_no     count     NOT NULL,
  from_byte      count     NOT NULL DEFAULT 0,
  to_byte        count     NOT NULL DEFAULT 0,
  weight         count     NOT NULL DEFAULT 0,           -- as the rule was then
  fatal          flag      NOT NULL DEFAULT 0,
  by_id          ref       NOT NULL DEFAULT 0,           -- added by a person
  verdict        code      NOT NULL DEFAULT '',          -- true, false: what a person said of it
  PRIMARY KEY (tenant, quality_id, no),
  FOREIGN KEY (tenant, quality_id) REFERENCES quality (tenant, id)
);
CREATE INDEX quality_finding_by_rule ON quality_finding (tenant, rule_id, quality_id, no);

-- Who talks with customers sees her own results; who supervises reviews, decides and keeps the rules.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"quality.own"]') WHERE permissions LIKE '%"conversation.work"%';
UPDATE role SET permissions = replace(permissions, ']', ',"quality.decide","quality.export","quality.read","quality.review","quality_rule.archive","quality_rule.change","quality_rule.create","quality_rule.read"]')
 WHERE permissions LIKE '%"ticket.supervise"%' AND permissions LIKE '%"conversation.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "quality.own"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"conversation.work"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "quality.decide", "quality.export", "quality.read", "quality.review", "quality_rule.archive", "quality_rule.change", "quality_rule.create", "quality_rule.read"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.supervise"%' AND CAST(permissions AS text) LIKE '%"conversation.read"%';
-- end
