-- Who somebody is in a channel, whichever channel it is; and the chat on a company's own web pages.

-- One name of a person in one channel: the visitor's number of a browser, an openid, a mail address, a telephone number. Only a keyed hash of it
-- is kept to be found by; where the channel has to be answered by the name itself, it is sealed with her key as well.
CREATE TABLE identity (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  channel        code      NOT NULL,                     -- as conversation.channel
  name_hash      hash      NOT NULL,
  customer_id    id        NOT NULL,
  key            key_id    NOT NULL,                     -- the customer's
  name           sealed,
  verified_at    time_ms   NOT NULL DEFAULT 0,           -- when it was shown that this is she; 0: she only says so
  verified_by    code      NOT NULL DEFAULT '',          -- code, session
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer_id) REFERENCES customer (tenant, id)
);
CREATE UNIQUE INDEX identity_by_name ON identity (tenant, channel, name_hash);
CREATE INDEX identity_by_customer ON identity (tenant, customer_id, created_at, id);
CREATE INDEX identity_by_created ON identity (tenant, created_at, id);

-- By which of her names a conversation came; what she thought of it.
ALTER TABLE conversation ADD COLUMN identity_id ref NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN rating count NOT NULL DEFAULT 0;         -- 1 to 5; 0: none
ALTER TABLE conversation ADD COLUMN rating_words sealed;
ALTER TABLE conversation ADD COLUMN rated_at time_ms NOT NULL DEFAULT 0;
CREATE INDEX conversation_by_identity ON conversation (tenant, identity_id, last_at, id);

-- Files that a message carries.
CREATE TABLE message_file (
  tenant         tenant_id NOT NULL,
  conversation_id id       NOT NULL,
  file_id        id        NOT NULL,
  no             count     NOT NULL,                     -- of the message
  PRIMARY KEY (tenant, conversation_id, file_id),
  FOREIGN KEY (tenant, conversation_id) REFERENCES conversation (tenant, id)
);
CREATE INDEX message_file_by_no ON message_file (tenant, conversation_id, no, file_id);

-- The chat on the company's web pages. One a company is in force.
CREATE TABLE web_chat (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  title          code      NOT NULL,
  title_en       code      NOT NULL DEFAULT '',
  state          code      NOT NULL DEFAULT 'on',        -- on, off
  origins        text      NOT NULL DEFAULT '',          -- one a line: https://www.example.cn
  colour         code      NOT NULL DEFAULT '#0b6675',
  side           code      NOT NULL DEFAULT 'right',     -- right, left
  greeting       text      NOT NULL DEFAULT '',
  greeting_en    text      NOT NULL DEFAULT '',
  away           text      NOT NULL DEFAULT '',          -- said outside of service hours
  away_en        text      NOT NULL DEFAULT '',
  ask_name       code      NOT NULL DEFAULT 'optional',  -- off, optional, required
  ask_phone      code      NOT NULL DEFAULT 'off',
  ask_product    code      NOT NULL DEFAULT 'off',
  calendar_id    ref       NOT NULL DEFAULT 0,           -- service hours; 0: always
  team_id        ref       NOT NULL DEFAULT 0,           -- whose queue it is; 0: everybody's
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX web_chat_by_created ON web_chat (tenant, created_at, id);

-- Its origins one by one, while it is in force.
CREATE TABLE web_chat_origin (
  tenant         tenant_id NOT NULL,
  origin         code      NOT NULL,
  PRIMARY KEY (tenant, origin)
);
-- all tenants: a browser asks whether an origin may call before it says which company it means
CREATE INDEX web_chat_origin_by_origin ON web_chat_origin (origin, tenant);

-- Who reads customers reads by which names they come; who may change settings, the chat.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"identity.read"]') WHERE permissions LIKE '%"customer.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"web_chat.read"]') WHERE permissions LIKE '%"setting.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"web_chat.archive","web_chat.change","web_chat.create"]') WHERE permissions LIKE '%"setting.change"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "identity.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"customer.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "web_chat.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"setting.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "web_chat.archive", "web_chat.change", "web_chat.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"setting.change"%';
-- end
