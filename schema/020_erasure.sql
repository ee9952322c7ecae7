-- What an erasure removed beyond keys and look-ups, and its certificate: the text that was signed, and the signature.
ALTER TABLE erasure ADD COLUMN parts count NOT NULL DEFAULT 0;
ALTER TABLE erasure ADD COLUMN changes count NOT NULL DEFAULT 0;
ALTER TABLE erasure ADD COLUMN certificate text NOT NULL DEFAULT '';
ALTER TABLE erasure ADD COLUMN signature hash;
