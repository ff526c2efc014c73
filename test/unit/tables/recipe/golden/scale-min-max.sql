-- Scale score from 0 to 1.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  (CAST(t."score" AS DOUBLE) - 1e+0) / 4e+0 AS "score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."score" AS VARCHAR) IS DISTINCT FROM CAST((CAST(t."score" AS DOUBLE) - 1e+0) / 4e+0 AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 7 cells changed
-- row 1, score: 1 -> 0.0
-- row 2, score: 2 -> 0.25
-- row 3, score: 3 -> 0.5
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (decimal) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 0.0 | true | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 0.25 | false | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 0.5 | true | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 1.0 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 1.0 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 0.25 | false | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 0.75 | true | b | 31.02.2024
