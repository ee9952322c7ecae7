-- A draft is tried before it is published: what a trial lays over the knowledge in force, and what that says to each question beside it.

ALTER TABLE evaluation ADD COLUMN article_id ref NOT NULL DEFAULT 0;            -- the draft; 0: knowledge as it is in force

-- By what was in force at that moment; of a trial without a draft empty.
ALTER TABLE evaluation_answer ADD COLUMN was code NOT NULL DEFAULT '';          -- the first that came to mind
ALTER TABLE evaluation_answer ADD COLUMN was_place count NOT NULL DEFAULT 0;
ALTER TABLE evaluation_answer ADD COLUMN was_decision code NOT NULL DEFAULT '';
ALTER TABLE evaluation_answer ADD COLUMN was_confidence count NOT NULL DEFAULT 0;

-- One draft a company at a time.
CREATE INDEX evaluation_by_state ON evaluation (tenant, state);
