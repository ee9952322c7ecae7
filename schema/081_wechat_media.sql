-- Files, notices and consents by WeChat (docs/adr/0051).

-- A piece of a message: its text (no file), or one of its files. What cannot be sent as a file of theirs goes as a link of ours, among the texts.
ALTER TABLE wechat_out ADD COLUMN file_id ref NOT NULL DEFAULT 0;
ALTER TABLE wechat_out ADD COLUMN form code NOT NULL DEFAULT '';        -- of a file: image, voice, video, file, link

-- What a file of ours is called by them, for as long as they keep it.
CREATE TABLE wechat_upload (
  tenant         tenant_id NOT NULL,
  account_id     id        NOT NULL,
  file_id        id        NOT NULL,
  conversation_id id       NOT NULL,
  media          text      NOT NULL,
  until          time_ms   NOT NULL,
  PRIMARY KEY (tenant, account_id, file_id)
);
CREATE INDEX wechat_upload_by_conversation ON wechat_upload (tenant, conversation_id);
