-- Queues of conversations: which of them wait together, for whom, in which order.
CREATE TABLE chat_queue (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  place          count     NOT NULL DEFAULT 0,           -- of the queues whose condition holds, the lowest counts
  condition      text      NOT NULL DEFAULT '',          -- over the conversation; '' holds always
  language       count     NOT NULL DEFAULT 1,           -- EXPR_VERSION of the condition
  priority       count     NOT NULL DEFAULT 5,           -- 1 first … 9 last
  team_id        ref       NOT NULL,                     -- whose people serve it
  give_by        code      NOT NULL DEFAULT 'push',      -- push, pull
  by_language    flag      NOT NULL DEFAULT 0,           -- only to who speaks the customer's
  skill_least    count     NOT NULL DEFAULT 0,           -- level of the product that one has to have; 0: none
  favour_seconds count     NOT NULL DEFAULT 60,          -- so long she waits for who served her last
  overflow_id    ref       NOT NULL DEFAULT 0,           -- whose people help
  overflow_seconds count   NOT NULL DEFAULT 120,         -- after so long
  calendar_id    ref       NOT NULL DEFAULT 0,           -- service hours; 0: always
  night          text      NOT NULL DEFAULT '',          -- said outside of them; '': the product's own words
  night_en       text      NOT NULL DEFAULT '',
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX chat_queue_by_created ON chat_queue (tenant, created_at, id);
CREATE INDEX chat_queue_by_place ON chat_queue (tenant, place, id);

-- Where a conversation waits, and for whom.
ALTER TABLE conversation ADD COLUMN queue_id ref NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN queue_rank count NOT NULL DEFAULT 0;       -- priority and value of the customer as one number, lower first
ALTER TABLE conversation ADD COLUMN queued_at time_ms NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN lang code NOT NULL DEFAULT 'zh';           -- the customer's
ALTER TABLE conversation ADD COLUMN before_id ref NOT NULL DEFAULT 0;          -- who served her last
ALTER TABLE conversation ADD COLUMN given_back_by ref NOT NULL DEFAULT 0;      -- not offered to her again
ALTER TABLE conversation ADD COLUMN offered_at time_ms NOT NULL DEFAULT 0;     -- when it was given without being asked for
ALTER TABLE conversation ADD COLUMN away_until time_ms NOT NULL DEFAULT 0;     -- came outside of service hours: they begin then
CREATE INDEX conversation_by_queue ON conversation (tenant, queue_id, state, queue_rank, queued_at, id);
CREATE INDEX conversation_by_taken ON conversation (tenant, queue_id, taken_at, id);

-- Who of staff takes conversations, how many at once, in which languages.
ALTER TABLE user_account ADD COLUMN chats_most count NOT NULL DEFAULT 0;       -- 0: as the company says
ALTER TABLE user_account ADD COLUMN speaks code NOT NULL DEFAULT 'zh';         -- zh, en, both
ALTER TABLE user_account ADD COLUMN chat_ready_at time_ms NOT NULL DEFAULT 0;  -- she takes conversations since then; 0: she does not
ALTER TABLE user_account ADD COLUMN chat_given_at time_ms NOT NULL DEFAULT 0;  -- when she was last given one

-- How well somebody knows a product.
ALTER TABLE user_skill ADD COLUMN level count NOT NULL DEFAULT 1;              -- 1 … 5

-- Who works on conversations reads queues; who may change settings, sets them up.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"chat_queue.read"]') WHERE permissions LIKE '%"conversation.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"chat_queue.archive","chat_queue.change","chat_queue.create"]') WHERE permissions LIKE '%"setting.change"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "chat_queue.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"conversation.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "chat_queue.archive", "chat_queue.change", "chat_queue.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"setting.change"%';
-- end
