-- The sweep finds proofs that nobody has judged without looking through those of all years.
CREATE INDEX purchase_proof_by_verdict ON purchase_proof (tenant, verdict, created_at, id);
