-- Models of language: endpoints that a company allows, and the ledger of what they were asked.

-- An OpenAI-compatible endpoint. Its key is sealed and never shown again.
CREATE TABLE model_account (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  title          code      NOT NULL,
  state          code      NOT NULL DEFAULT 'off',       -- on, off
  base_url       code      NOT NULL,                     -- https://api.example.com/v1
  model          code      NOT NULL,
  timeout_s      count     NOT NULL DEFAULT 10,
  for_answer     flag      NOT NULL DEFAULT 0,           -- answers from articles where the bot has none
  for_phrase     flag      NOT NULL DEFAULT 0,           -- puts the bot's answers into other words
  for_summary    flag      NOT NULL DEFAULT 0,           -- drafts a summary when a conversation is closed
  key            key_id    NOT NULL,
  secret         sealed,
  secret_at      time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX model_account_by_created ON model_account (tenant, created_at, id);
CREATE INDEX model_account_by_state ON model_account (tenant, state, created_at, id);

-- One call. It is written before the call leaves, with the tokens it may cost, and settled with what it did cost; not a word of anybody is in it.
CREATE TABLE model_call (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  account_id     id        NOT NULL,
  conversation_id ref      NOT NULL DEFAULT 0,
  no             count     NOT NULL DEFAULT 0,           -- of the message that it is about
  purpose        code      NOT NULL,                     -- answer, phrase, summary, try
  outcome        code      NOT NULL DEFAULT 'open',      -- open, said, held, declined, failed, late, budget, pause
  reason         code      NOT NULL DEFAULT '',          -- of held: what the check found; of failed: what the endpoint said
  asked_tokens   count     NOT NULL DEFAULT 0,
  said_tokens    count     NOT NULL DEFAULT 0,
  set_aside      count     NOT NULL DEFAULT 0,           -- tokens, until they are counted
  took_ms        count     NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, account_id) REFERENCES model_account (tenant, id)
);
CREATE INDEX model_call_by_created ON model_call (tenant, created_at, id);
CREATE INDEX model_call_by_account ON model_call (tenant, account_id, created_at, id);
CREATE INDEX model_call_by_outcome ON model_call (tenant, outcome, created_at, id);

-- What a day has cost so far, what is set aside counted in.
CREATE TABLE model_day (
  tenant         tenant_id NOT NULL,
  day            day       NOT NULL,
  tokens         count     NOT NULL DEFAULT 0,
  calls          count     NOT NULL DEFAULT 0,
  said           count     NOT NULL DEFAULT 0,
  held           count     NOT NULL DEFAULT 0,           -- refused by the check
  PRIMARY KEY (tenant, day)
);

-- Who may change settings may set up endpoints.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"model_account.read","model_call.read"]') WHERE permissions LIKE '%"setting.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"model_account.archive","model_account.change","model_account.create"]') WHERE permissions LIKE '%"setting.change"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "model_account.read", "model_call.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"setting.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "model_account.archive", "model_account.change", "model_account.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"setting.change"%';
-- end
