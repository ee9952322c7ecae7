-- The wall and the order of waiting lists have rights of their own. Who assigned and closed tickets steered by the wall before: that stays.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"wall.read","ticket.order"]')
 WHERE permissions LIKE '%"ticket.assign"%' AND permissions LIKE '%"ticket.close"%' AND permissions NOT LIKE '%"wall.read"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "wall.read", "ticket.order"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"ticket.assign"%' AND CAST(permissions AS text) LIKE '%"ticket.close"%' AND CAST(permissions AS text) NOT LIKE '%"wall.read"%';
-- end
