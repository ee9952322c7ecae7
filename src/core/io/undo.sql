-- Marks of an import, from the newest on.
-- name: undo_marks_before (import id, before id, most i64) many
SELECT m.* FROM import_mark m WHERE m.tenant = $tenant AND m.import_id = $import AND m.place < $before AND m.state = '' ORDER BY m.place DESC LIMIT $most;

-- Something other than an import and its undoing has happened to it.
-- name: undo_happened (object code, object_id ref) many hot
SELECT e.kind FROM event e WHERE e.tenant = $tenant AND e.object = $object AND e.object_id = $object_id AND e.request_id <> 'import' AND e.request_id <> 'import.undo'
 ORDER BY e.no LIMIT 1;

-- name: undo_mark_end (import id, place id, state code, by_record code, by_id ref) exec
UPDATE import_mark SET state = $state, by_record = $by_record, by_id = $by_id, sealed = NULL, plain = '' WHERE tenant = $tenant AND import_id = $import AND place = $place;

-- An older change of the same row finds it as it left it.
-- name: undo_marks_follow (import id, object_id id, was count, version count) exec
UPDATE import_mark SET version = $version WHERE tenant = $tenant AND import_id = $import AND object_id = $object_id AND version = $was AND state = '';

-- name: undo_progress (id id, done count, stays count) exec
UPDATE import_job SET undo_done = undo_done + $done, undo_stays = undo_stays + $stays WHERE tenant = $tenant AND id = $id;

-- What stays, in the order of the sheet.
-- name: undo_stays (import id, after_row count, after_place ref, most i64) many
SELECT m.* FROM import_mark m WHERE m.tenant = $tenant AND m.import_id = $import AND (m.row_no, m.place) > ($after_row, $after_place)
   AND m.state <> '' AND m.state <> 'undone' ORDER BY m.row_no, m.place LIMIT $most;

-- name: undo_forget (import id, most i64) exec
DELETE FROM import_mark WHERE import_mark.tenant = $tenant AND import_id = $import
   AND place IN (SELECT m.place FROM import_mark m WHERE m.tenant = $tenant AND m.import_id = $import ORDER BY m.place LIMIT $most);

-- name: undo_forgotten (id id) exec
UPDATE import_job SET marks = 0 WHERE tenant = $tenant AND id = $id;
