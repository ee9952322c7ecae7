-- Custom fields: what is defined, and the values that conditions ask for.

-- name: custom_fields_all () many
SELECT f.* FROM custom_field f WHERE f.tenant = $tenant ORDER BY f.place, f.id LIMIT 1000;

-- How many there are of a record, archived ones too.
-- name: custom_field_count (object code) one
SELECT count(*) AS n:count FROM custom_field f WHERE f.tenant = $tenant AND f.object = $object;

-- name: custom_field_named (object code, code code) many
SELECT f.id FROM custom_field f WHERE f.tenant = $tenant AND f.object = $object AND f.code = $code LIMIT 1;

-- name: custom_number_drop (object_id id, field_id id) exec
DELETE FROM custom_number WHERE tenant = $tenant AND object_id = $object_id AND field_id = $field_id;

-- name: custom_word_drop (object_id id, field_id id) exec
DELETE FROM custom_word WHERE tenant = $tenant AND object_id = $object_id AND field_id = $field_id;

-- name: custom_numbers_forget (object_id id) exec
DELETE FROM custom_number WHERE tenant = $tenant AND object_id = $object_id;

-- name: custom_words_forget (object_id id) exec
DELETE FROM custom_word WHERE tenant = $tenant AND object_id = $object_id;
