-- What the knowledge base learns by: questions to try it with, what came of a trial, and what people asked that it did not know.

ALTER TABLE article ADD COLUMN expires_on day NOT NULL DEFAULT 0;       -- the last day on which it is said; 0: no end
ALTER TABLE article ADD COLUMN told_for day NOT NULL DEFAULT 0;         -- the day of review or expiry for which somebody was given a task
CREATE INDEX article_by_expiry ON article (tenant, expires_on, id);

-- Questions with the article that answers each, tried before and after an edit.
CREATE TABLE question_set (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  note           text      NOT NULL DEFAULT '',
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX question_set_by_created ON question_set (tenant, created_at, id);

-- One question of a set, as somebody asks it.
CREATE TABLE question_line (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  set_id         id        NOT NULL,
  question       text      NOT NULL,
  expected       code      NOT NULL,                     -- code of an article; OOS: nothing here answers it
  product        code      NOT NULL DEFAULT '',          -- what the conversation is about, where that is known
  source         code      NOT NULL DEFAULT 'editor',    -- editor, real
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, set_id) REFERENCES question_set (tenant, id)
);
CREATE INDEX question_line_by_created ON question_line (tenant, created_at, id);
CREATE INDEX question_line_by_set ON question_line (tenant, set_id, id);

-- A set tried once.
CREATE TABLE evaluation (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  set_id         id        NOT NULL,
  state          code      NOT NULL DEFAULT 'running',   -- running, done, stopped
  done           count     NOT NULL DEFAULT 0,
  total          count     NOT NULL DEFAULT 0,
  knowledge      code      NOT NULL DEFAULT '',          -- which state of what is asked answered
  sums           json      NOT NULL DEFAULT '{}',        -- counts, of all and by product
  user_id        ref       NOT NULL DEFAULT 0,
  ended_at       time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, set_id) REFERENCES question_set (tenant, id)
);
CREATE INDEX evaluation_by_created ON evaluation (tenant, created_at, id);
CREATE INDEX evaluation_by_set ON evaluation (tenant, set_id, created_at, id);

-- What came of one question of a trial.
CREATE TABLE evaluation_answer (
  tenant         tenant_id NOT NULL,
  evaluation_id  id        NOT NULL,
  line_id        id        NOT NULL,
  expected       code      NOT NULL,                     -- as it was asked for then
  given          code      NOT NULL DEFAULT '',          -- the first that came to mind
  place          count     NOT NULL DEFAULT 0,           -- of what was expected among the first three, from 1; 0: none of them
  decision       code      NOT NULL,                     -- answer, flow, clarify, unknown
  confidence     count     NOT NULL DEFAULT 0,           -- of 100
  PRIMARY KEY (tenant, evaluation_id, line_id),
  FOREIGN KEY (tenant, evaluation_id) REFERENCES evaluation (tenant, id)
);

-- Something that people ask and nobody but a person answered: questions that are alike, as one.
CREATE TABLE gap (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  state          code      NOT NULL DEFAULT 'open',      -- open, added, dismissed
  why            code      NOT NULL DEFAULT '',          -- of the newest: sorry, clarify, hand_over, unsolved
  article        code      NOT NULL DEFAULT '',          -- that it was added to
  phrasing_id    ref       NOT NULL DEFAULT 0,           -- which was made by that
  many           count     NOT NULL DEFAULT 0,           -- questions
  vector         bytes     NOT NULL,                     -- of the first, to tell what is alike; empty: by its words
  first_at       time_ms   NOT NULL,
  last_at        time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX gap_by_last ON gap (tenant, state, last_at, id);

-- What was asked stands in the bot's own record of it, redacted, and goes with it.
CREATE TABLE gap_turn (
  tenant         tenant_id NOT NULL,
  turn_id        id        NOT NULL,
  gap_id         id        NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, turn_id),
  FOREIGN KEY (tenant, gap_id) REFERENCES gap (tenant, id)
);
CREATE INDEX gap_turn_by_gap ON gap_turn (tenant, gap_id, at, turn_id);

-- Whoever keeps the knowledge base tries it.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"evaluation.export","evaluation.read","question_line.archive","question_line.change","question_line.create","question_line.export","question_line.import","question_line.read","question_set.archive","question_set.change","question_set.create","question_set.read"]')
 WHERE permissions LIKE '%"article.change"%' AND permissions NOT LIKE '%"question_set.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "evaluation.export", "evaluation.read", "question_line.archive", "question_line.change", "question_line.create", "question_line.export", "question_line.import", "question_line.read", "question_set.archive", "question_set.change", "question_set.create", "question_set.read"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"article.change"%' AND CAST(permissions AS text) NOT LIKE '%"question_set.read"%';
-- end
