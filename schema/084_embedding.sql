-- Vectors from an endpoint of a company's choice, beside those of the model that comes with the program (docs/adr/0060).
ALTER TABLE model_account ADD COLUMN for_embed flag NOT NULL DEFAULT 0;        -- reckons vectors of phrasings and questions
ALTER TABLE model_account ADD COLUMN dimension count NOT NULL DEFAULT 0;       -- numbers of one of its vectors; 0: not known yet
ALTER TABLE model_day ADD COLUMN embed_tokens i64 NOT NULL DEFAULT 0;          -- have a limit of their own

-- What the endpoint made of a phrasing of the pack or of the company; never of what a customer wrote. Derived: it costs calls, no more, to make it again.
CREATE TABLE model_vector (
  tenant         tenant_id NOT NULL,
  space          code      NOT NULL,                     -- hash of address, model and dimension: vectors of different ones cannot be compared
  hash           hash      NOT NULL,                     -- of the text as it was sent, 16 bytes
  vector         bytes     NOT NULL,                     -- a scale and 384 numbers of a byte each
  PRIMARY KEY (tenant, space, hash)
);
