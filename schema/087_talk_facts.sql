-- Tags on conversations, as on tickets (docs/adr/0035-tags.md); and who talks with customers says of a conversation what it is about: its device, its product, its tags.
ALTER TABLE conversation ADD COLUMN tags text NOT NULL DEFAULT '';

-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"conversation.change"]') WHERE permissions LIKE '%"conversation.work"%' AND permissions NOT LIKE '%"conversation.change"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "conversation.change"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"conversation.work"%' AND CAST(permissions AS text) NOT LIKE '%"conversation.change"%';
-- end
