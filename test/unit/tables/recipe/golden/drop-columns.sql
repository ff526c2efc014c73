-- Leave out tags, when, active.
CREATE TEMP TABLE "stage_1" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."row_number"
FROM "sample" AS t

-- 8 rows in, 8 out, 0 cells changed
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2
-- 7 | ∅ | Paris | ∅ | 15.00 | 4
