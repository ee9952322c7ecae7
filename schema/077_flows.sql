-- Flows inside the talk with the bot: which one goes on, what it asks, and what was said to it so far.
ALTER TABLE bot_talk ADD COLUMN flow code NOT NULL DEFAULT '';
ALTER TABLE bot_talk ADD COLUMN slot code NOT NULL DEFAULT '';                 -- asked last; ? all is there and to be confirmed, ! what is to be changed
ALTER TABLE bot_talk ADD COLUMN tries count NOT NULL DEFAULT 0;                -- answers to it that were none
ALTER TABLE bot_talk ADD COLUMN filled sealed;                                 -- slots, their values, and how they are shown; with the conversation's key
ALTER TABLE bot_talk ADD COLUMN flow_from count NOT NULL DEFAULT 0;            -- messages up to this one belong to flows that ended
ALTER TABLE bot_talk ADD COLUMN heard_no count NOT NULL DEFAULT 0;             -- the message that it answered last

-- How the customer feels, by her latest words: '', upset (不满), angry (生气).
ALTER TABLE conversation ADD COLUMN emotion code NOT NULL DEFAULT '';

-- What an agent made of what was recognised: suggestions that helped or did not, and marks put right. Learning reads it.
CREATE TABLE conversation_mark (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,                     -- of the customer's message
  what           code      NOT NULL,                     -- answer, scene, product, urgency, emotion, language
  guess          code      NOT NULL DEFAULT '',          -- what was recognised: of an answer the article
  confidence     count     NOT NULL DEFAULT 0,           -- of 100
  value          code      NOT NULL,                     -- used, unhelpful; or what is right
  user_id        ref       NOT NULL DEFAULT 0,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);
CREATE INDEX conversation_mark_by_conversation ON conversation_mark (tenant, conversation_id, at, id);
CREATE INDEX conversation_mark_by_at ON conversation_mark (tenant, at, id);
