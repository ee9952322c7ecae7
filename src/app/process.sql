-- name: process_take () one writes all_tenants "a process serves all companies"
INSERT INTO process_counter (id, last) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET last = process_counter.last + 1 RETURNING last;
