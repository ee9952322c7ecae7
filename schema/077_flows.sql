-- Flows inside the talk with the bot: which one goes on, what it asks, and what was said to it so far.
ALTER TABLE bot_talk ADD COLUMN flow code NOT NULL DEFAULT '';
ALTER TABLE bot_talk ADD COLUMN slot code NOT NULL DEFAULT '';                 -- asked last; ? all is there and to be confirmed, ! what is to be changed
ALTER TABLE bot_talk ADD COLUMN tries count NOT NULL DEFAULT 0;                -- answers to it that were none
ALTER TABLE bot_talk ADD COLUMN filled sealed;                                 -- slots, their values, and how they are shown; with the conversation's key
ALTER TABLE bot_talk ADD COLUMN flow_from count NOT NULL DEFAULT 0;            -- messages up to this one belong to flows that ended
ALTER TABLE bot_talk ADD COLUMN heard_no count NOT NULL DEFAULT 0;             -- the message that it answered last

-- How the customer feels, by her latest words: '', upset (不满), angry (生气).
ALTER TABLE conversation ADD COLUMN emotion code NOT NULL DEFAULT '';
