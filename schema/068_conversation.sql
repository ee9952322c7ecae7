-- Conversations: a run of messages between a customer and the company in one channel, until it is closed.
CREATE TABLE conversation (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, active, closed
  channel        code      NOT NULL,
  title          code      NOT NULL,                     -- her first words, redacted: fit for lists and search
  key            key_id    NOT NULL,                     -- the customer's
  customer_id    id        NOT NULL,
  device_id      ref       NOT NULL DEFAULT 0,
  product_id     ref       NOT NULL DEFAULT 0,
  owner_id       ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  region_id      ref       NOT NULL DEFAULT 0,
  ticket_id      ref       NOT NULL DEFAULT 0,           -- what became of it
  last_no        count     NOT NULL DEFAULT 0,           -- of its newest message
  last_at        time_ms   NOT NULL,
  last_from      code      NOT NULL DEFAULT '',          -- customer, user, system
  last_words     code      NOT NULL DEFAULT '',          -- redacted
  staff_no       count     NOT NULL DEFAULT 0,           -- up to here its owner has read
  customer_no    count     NOT NULL DEFAULT 0,           -- up to here the customer has
  asked_at       time_ms   NOT NULL DEFAULT 0,           -- when she first wanted a person
  waiting_since  time_ms   NOT NULL DEFAULT 0,           -- 0: nobody owes her an answer
  first_response_at time_ms NOT NULL DEFAULT 0,
  taken_at       time_ms   NOT NULL DEFAULT 0,           -- when a person first took it
  next_due_at    time_ms   NOT NULL DEFAULT 253402300799999,
  closed_at      time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer_id) REFERENCES customer (tenant, id)
);
CREATE INDEX conversation_by_created ON conversation (tenant, created_at, id);
CREATE INDEX conversation_by_updated ON conversation (tenant, updated_at, id);
CREATE INDEX conversation_by_last ON conversation (tenant, last_at, id);
CREATE INDEX conversation_by_due ON conversation (tenant, next_due_at, id);
CREATE INDEX conversation_by_state ON conversation (tenant, state, last_at, id);
CREATE INDEX conversation_by_owner ON conversation (tenant, owner_id, state, last_at, id);
CREATE INDEX conversation_by_team ON conversation (tenant, team_id, state, last_at, id);
CREATE INDEX conversation_by_customer ON conversation (tenant, customer_id, last_at, id);
CREATE INDEX conversation_by_device ON conversation (tenant, device_id, last_at, id);
CREATE INDEX conversation_by_ticket ON conversation (tenant, ticket_id, last_at, id);

-- What was said, numbered from 1 within its conversation without a gap. Sealed.
CREATE TABLE message (
  tenant         tenant_id NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,
  id             id        NOT NULL,
  at             time_ms   NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  visibility     code      NOT NULL DEFAULT 'public',    -- internal: a note among staff
  key            key_id    NOT NULL,
  body           sealed,
  PRIMARY KEY (tenant, conversation_id, no),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);

-- What a channel has delivered already, by the name that it or the sender's own program gave it (SHA-256: a name may tell of somebody). A second
-- delivery is the first.
CREATE TABLE message_seen (
  tenant         tenant_id NOT NULL,
  channel        code      NOT NULL,
  sender_id      id        NOT NULL,                     -- names of one customer's program say nothing about another's
  name           hash      NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,
  PRIMARY KEY (tenant, channel, sender_id, name),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);
CREATE INDEX message_seen_by_conversation ON message_seen (tenant, conversation_id, no);

-- Who works on tickets works on conversations.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"conversation.read","conversation.work","conversation.assign"]')
 WHERE permissions LIKE '%"ticket.work"%' AND permissions NOT LIKE '%"conversation.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"conversation.read"]')
 WHERE permissions LIKE '%"ticket.read"%' AND permissions NOT LIKE '%"conversation.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "conversation.read", "conversation.work", "conversation.assign"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.work"%' AND CAST(permissions AS text) NOT LIKE '%"conversation.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "conversation.read"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.read"%' AND CAST(permissions AS text) NOT LIKE '%"conversation.read"%';
-- end
