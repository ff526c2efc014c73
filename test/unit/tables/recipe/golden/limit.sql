-- Keep 2 rows after the first 3.
CREATE TEMP TABLE "stage_1" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number"
FROM "sample" AS t
LIMIT 2 OFFSET 3

-- 8 rows in, 2 out, 0 cells changed
-- without rows 1, 2, 3, 6, 7
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 25.05.2024
