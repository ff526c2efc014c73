-- Put score into buckets as level.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  CASE WHEN t."score" IS NULL THEN NULL WHEN t."score" < 2e+0 THEN 0 WHEN t."score" < 3e+0 THEN 1 WHEN t."score" < 4e+0 THEN 2 ELSE 3 END AS "level",
  t."active",
  t."tags",
  t."when",
  t."row_number"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 0 cells changed
-- row 1, level: null -> 0
-- row 2, level: null -> 1
-- row 3, level: null -> 2
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | level (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | 0 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | 1 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | 2 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | ∅ | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | 3 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | 3 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | 1 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | 3 | true | b | 31.02.2024
