-- The picture that a company shows of itself, a file that it holds; 0 for none.
ALTER TABLE tenant ADD COLUMN logo_id ref NOT NULL DEFAULT 0;
