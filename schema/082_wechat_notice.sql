-- Notices by WeChat: which templates have a form there, who has shown that a name is hers, and what she has agreed to be sent (docs/adr/0059).

-- A template as a template message of an official account or a subscribe message; "none": it has no form there.
ALTER TABLE message_template ADD COLUMN notice code NOT NULL DEFAULT 'none';         -- ticket_received, …: the notice of the server's own that goes in this form
ALTER TABLE message_template ADD COLUMN wechat_kind code NOT NULL DEFAULT 'none';    -- template, subscribe
ALTER TABLE message_template ADD COLUMN wechat_app code NOT NULL DEFAULT '';         -- the account, by its AppID
ALTER TABLE message_template ADD COLUMN wechat_id code NOT NULL DEFAULT '';          -- what they call the template
ALTER TABLE message_template ADD COLUMN wechat_page code NOT NULL DEFAULT '';        -- page of the mini-program that it opens
ALTER TABLE message_template ADD COLUMN wechat_data text NOT NULL DEFAULT '';        -- a line each: thing1 = {{ticket.title}}
CREATE INDEX message_template_by_notice ON message_template (tenant, notice, id);
CREATE INDEX message_template_by_wechat_kind ON message_template (tenant, wechat_kind, created_at, id);

-- Of a message by WeChat: to which name, and what is handed over. gateway_id is the account, serial their name for the message.
ALTER TABLE outbox ADD COLUMN identity_id ref NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN form sealed;

-- A word that a signed-in customer says in WeChat, once, to show that the name there is hers.
CREATE TABLE wechat_bind (
  tenant         tenant_id NOT NULL,
  code_hash      hash      NOT NULL,
  customer_id    id        NOT NULL,
  identity_id    ref       NOT NULL DEFAULT 0,           -- the name that said it; 0: nobody yet
  until          time_ms   NOT NULL,
  PRIMARY KEY (tenant, code_hash)
);
CREATE INDEX wechat_bind_by_customer ON wechat_bind (tenant, customer_id);

-- How many messages of a subscribed template a person may still be sent, as far as their events told. No row: they have told nothing.
CREATE TABLE wechat_subscription (
  tenant         tenant_id NOT NULL,
  identity_id    id        NOT NULL,
  template       code      NOT NULL,                     -- as they call it
  units          count     NOT NULL DEFAULT 0,
  told_at        i64       NOT NULL DEFAULT 0,           -- the last event that was counted, by their second
  PRIMARY KEY (tenant, identity_id, template)
);
