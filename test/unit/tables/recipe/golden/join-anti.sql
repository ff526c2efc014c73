-- Join cities (anti) where city is city.
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
WHERE NOT EXISTS (SELECT 1 FROM "input_file" AS o WHERE t."city" = o."city")
ORDER BY t.rowid

-- 8 rows in, 3 out, 0 cells changed
-- without rows 1, 2, 4, 7, 8
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | 15.03.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 25.05.2024
