-- The next value of a series. The writer is serial per company, so numbers have no gaps: a rolled-back request gives its number back.
-- name: number_take (series code) one writes
INSERT INTO number_counter (tenant, series, last) VALUES ($tenant, $series, 1)
    ON CONFLICT (tenant, series) DO UPDATE SET last = number_counter.last + 1
RETURNING last;
