-- A language model may look at conversations that ended (docs/adr/0057): what it marks counts once a person has confirmed it.
ALTER TABLE model_account ADD COLUMN for_inspect flag NOT NULL DEFAULT 0;      -- looks at what was said, for the quality inspection
