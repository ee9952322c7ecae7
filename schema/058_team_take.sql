-- How the people of a team take what waits for it: what they know first, or strictly in order.
ALTER TABLE team ADD COLUMN take_by code NOT NULL DEFAULT 'skill';
