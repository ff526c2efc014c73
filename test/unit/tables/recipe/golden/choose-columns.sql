-- Keep only name, id.
CREATE TEMP TABLE "stage_1" AS
SELECT
  t."name",
  t."id",
  t."row_number"
FROM "sample" AS t

-- 8 rows in, 8 out, 0 cells changed
-- name (text) | id (text)
--  Anna  | 1
-- Bob | 2
-- bob | 3
-- Carla | 4
-- Dirk | 5
-- Dirk | 5
-- Eva | 6
-- ∅ | 7
