-- name: thing_grades (grade code) many
SELECT t.id, t.grade FROM thing t WHERE t.tenant = $tenant AND t.grade = $grade;
