-- The bot that receives a conversation before a person does: what it remembers of each, and what it decided.

-- From this message of its own on the bot asks whether it may go on; 0: it does not.
ALTER TABLE conversation ADD COLUMN bot_offered count NOT NULL DEFAULT 0;
-- Answers that a message offers to press: [{"say","open"}].
ALTER TABLE message ADD COLUMN offers json NOT NULL DEFAULT '[]';

-- One a conversation, for as long as the bot has it.
CREATE TABLE bot_talk (
  tenant         tenant_id NOT NULL,
  conversation_id id       NOT NULL,
  misses         count     NOT NULL DEFAULT 0,           -- not understood one after the other
  pending        code      NOT NULL DEFAULT '',          -- what it asked: person, tree, choice, solved, back
  place          json      NOT NULL DEFAULT '{}',        -- where that stands
  article        code      NOT NULL DEFAULT '',          -- what it told last
  handed_why     code      NOT NULL DEFAULT '',          -- HO-01 …: why a person has it
  handed_at      time_ms   NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, conversation_id),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);

-- What the bot made of one message: for gaps, evaluation and training.
CREATE TABLE bot_turn (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  conversation_id id       NOT NULL,
  customer_id    id        NOT NULL,                     -- the conversation's
  no             count     NOT NULL,                     -- of the message
  question       code      NOT NULL DEFAULT '',          -- redacted
  did            code      NOT NULL,                     -- answer, clarify, flow, own, tree, ask, hand_over, sorry, greet
  why            code      NOT NULL DEFAULT '',          -- of a hand-over: HO-…
  article        code      NOT NULL DEFAULT '',
  confidence     count     NOT NULL DEFAULT 0,           -- of 100
  verdict        code      NOT NULL DEFAULT '',          -- what she said of it: solved, unsolved
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);
CREATE INDEX bot_turn_by_created ON bot_turn (tenant, created_at, id);
CREATE INDEX bot_turn_by_did ON bot_turn (tenant, did, created_at, id);
CREATE INDEX bot_turn_by_article ON bot_turn (tenant, article, created_at, id);
CREATE INDEX bot_turn_by_customer ON bot_turn (tenant, customer_id, created_at, id);
CREATE INDEX bot_turn_by_conversation ON bot_turn (tenant, conversation_id, no, id);

-- Who reads conversations reads what the bot made of them.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"bot_turn.read"]') WHERE permissions LIKE '%"conversation.read"%' AND permissions NOT LIKE '%"bot_turn.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "bot_turn.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"conversation.read"%' AND CAST(permissions AS text) NOT LIKE '%"bot_turn.read"%';
-- end
